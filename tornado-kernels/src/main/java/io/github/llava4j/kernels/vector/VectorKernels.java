package io.github.llava4j.kernels.vector;

import java.util.stream.IntStream;

import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.cpu.CpuKernels;
import io.github.llava4j.kernels.cpu.CpuMatrix;
import io.github.llava4j.kernels.cpu.KvStore;
import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic on the Vector API, for machines of any vector length. Not thread-safe: what is kept between calls
 * belongs to one caller at a time.
 */
final class VectorKernels implements CpuKernels {

  /** From so many rows on, weights are worth packing: below, reading them takes longer than multiplying. */
  private static final int GEMM_ROWS = 12;

  /** From so many queries per key-value head on, keys and values are worth packing. */
  private static final int TILED_QUERIES = 8;

  private final MatVec matVec;
  private final FewRows fewRows;
  private final TransposedMatVec transposedMatVec;
  private final Gemm gemm;
  private final Norms norms;
  private final Rope rope;
  private final RowAttention rowAttention;
  private final TiledAttention tiledAttention;
  private final Activations activations;

  public VectorKernels(Workers workers) {
    Scratch[] scratch = IntStream.range(0, workers.size()).mapToObj(i -> new Scratch()).toArray(Scratch[]::new);
    matVec = new MatVec(workers);
    fewRows = new FewRows(workers, scratch);
    transposedMatVec = new TransposedMatVec(workers, scratch);
    gemm = new Gemm(workers, scratch);
    norms = new Norms(workers);
    rope = new Rope(workers);
    rowAttention = new RowAttention(workers, scratch);
    tiledAttention = new TiledAttention(workers, scratch);
    activations = new Activations(workers, scratch);
  }

  /** Weights are read where they are stored; the number of rows decides how. */
  @Override
  public CpuMatrix prepare(Tensor matrix) {
    return (in, rows, bias, accumulate, out) -> multiply(in, rows, matrix, bias, accumulate, out);
  }

  private void multiply(
      float[] in, int rows, Tensor weight, float @Nullable [] bias, boolean accumulate, float[] out) {
    if (rows >= GEMM_ROWS) {
      gemm.multiply(in, rows, weight, bias, accumulate, out);
    } else if (weight.layout() == Tensor.Layout.TRANSPOSED) {
      transposedMatVec.multiply(in, rows, weight, bias, accumulate, out);
    } else if (rows == 1 && RowKernel.of(weight.type()).multiplies()) {
      matVec.multiply(in, weight, bias, accumulate, out);
    } else {
      fewRows.multiply(in, rows, weight, bias, accumulate, out);
    }
  }

  @Override
  public void rmsNorm(float[] in, int rows, float[] scale, float eps, float[] out) {
    norms.rms(in, rows, scale, eps, out);
  }

  @Override
  public void layerNorm(float[] in, int rows, float[] scale, float[] shift, float eps, float[] out) {
    norms.layer(in, rows, scale, shift, eps, out);
  }

  @Override
  public void rope(float[] x, int rows, int heads, int headDim, float[] cos, float[] sin, Op.RopeLayout layout) {
    rope.rotate(x, rows, heads, headDim, cos, sin, layout);
  }

  @Override
  public void cachedAttention(
      float[] query, int rows, int[] slots, int[] positions, KvStore cache, int layer, int heads, int window,
      float[] out) {
    int group = heads / cache.kvHeads();
    int single = 0;
    for (int row = 0, end; row < rows; row = end) {
      end = endOfSlot(slots, row, rows);
      if (end - row > 1 && (end - row) * group >= TILED_QUERIES) {
        rowAttention.run(query, single, row - single, slots, positions, cache, layer, heads, window, out);
        single = end;
        tiledAttention.run(
            new TiledAttention.Job(
                query, row, end - row, heads, cache.kvHeads(), cache.headDim(),
                KeyValues.of(cache, layer, slots[row]), positions, positions[end - 1] + 1, window, out));
      }
    }
    rowAttention.run(query, single, rows - single, slots, positions, cache, layer, heads, window, out);
  }

  @Override
  public void selfAttention(
      float[] query, float[] key, float[] value, int rows, int[] slots, int heads, int width, float[] out) {
    for (int row = 0, end; row < rows; row = end) {
      end = endOfSlot(slots, row, rows);
      tiledAttention.run(
          new TiledAttention.Job(
              query, row, end - row, heads, heads, width / heads, KeyValues.of(key, value, width, row), null, end - row,
              0, out));
    }
  }

  private static int endOfSlot(int[] slots, int row, int rows) {
    int end = row + 1;
    while (end < rows && slots[end] == slots[row]) {
      end++;
    }
    return end;
  }

  @Override
  public void activate(Op.Activation function, float[] x, int count) {
    activations.apply(function, x, null, count);
  }

  @Override
  public void gate(Op.Activation function, float[] gate, float[] up, int count) {
    activations.apply(function, gate, up, count);
  }
}
