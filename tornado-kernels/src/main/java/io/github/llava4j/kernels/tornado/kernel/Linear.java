package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Products of rows with a matrix. {@code mode} is a sum of {@link #BIAS} and {@link #ACCUMULATE}. */
public final class Linear {

  public static final int BIAS = 1;
  public static final int ACCUMULATE = 2;

  /** Work items that share one dot product of {@link #matVec} and {@link #gatedMatVec}. */
  public static final int LANES = 64;

  /** Rows and outputs of a tile of {@link #matMul}; each of its work items owns a square of {@link #SQUARE}. */
  public static final int TILE = 64;
  public static final int SQUARE = 4;
  public static final int TILE_LANES = TILE / SQUARE * (TILE / SQUARE);

  private static final int DEPTH = 32;
  /** One more than the tile, so that the lanes of a group write to different banks of local memory. */
  private static final int PITCH = TILE + 1;

  private Linear() {}

  /**
   * For few rows, where reading the matrix is what takes time: a group of {@link #LANES} computes one value of the
   * result.
   *
   * @param extent which count of the batch {@code x} has rows for
   * @param x [count, columns]
   * @param floats see {@link Packed}
   * @param out [count, outputs]
   */
  public static void matVec(
      KernelContext context, IntArray batch, int extent, FloatArray x, FloatArray floats, IntArray ints,
      FloatArray bias, FloatArray out, int format, int columns, int outputs, int stride, int mode) {
    int count = batch.get(extent);
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    // Neighbouring groups read the same row of the matrix.
    int row = context.groupIdx % count;
    int output = context.groupIdx / count;
    float[] sums = context.allocateFloatLocalArray(LANES);
    float sum = 0f;
    for (int word = lane; word < stride; word += LANES) {
      sum += Packed.dot(format, floats, ints, layer * outputs + output, stride, word, x, row * columns);
    }
    sums[lane] = sum;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    if (lane == 0) {
      float value = sums[0];
      if ((mode & BIAS) != 0) {
        value += bias.get(layer * outputs + output);
      }
      int at = row * outputs + output;
      if ((mode & ACCUMULATE) != 0) {
        value += out.get(at);
      }
      out.set(at, value);
    }
  }

  /**
   * Two matrices of one shape and format on the same few rows: out = function(gate * x) * (up * x), the first half of a
   * gated feed-forward block.
   */
  public static void gatedMatVec(
      KernelContext context, IntArray batch, FloatArray x, FloatArray gateFloats, IntArray gateInts,
      FloatArray upFloats, IntArray upInts, FloatArray out, int format, int columns, int outputs, int stride,
      int function) {
    int count = batch.get(BatchLayout.ROWS);
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    int row = context.groupIdx % count;
    int output = context.groupIdx / count;
    float[] gates = context.allocateFloatLocalArray(LANES);
    float[] ups = context.allocateFloatLocalArray(LANES);
    float gate = 0f;
    float up = 0f;
    for (int word = lane; word < stride; word += LANES) {
      gate += Packed.dot(format, gateFloats, gateInts, layer * outputs + output, stride, word, x, row * columns);
      up += Packed.dot(format, upFloats, upInts, layer * outputs + output, stride, word, x, row * columns);
    }
    gates[lane] = gate;
    ups[lane] = up;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        gates[lane] += gates[lane + half];
        ups[lane] += ups[lane + half];
      }
      context.localBarrier();
    }
    if (lane == 0) {
      out.set(row * outputs + output, Elementwise.apply(function, gates[0]) * ups[0]);
    }
  }

  /**
   * For many rows, where arithmetic is what takes time: a group computes a tile of {@link #TILE} rows and outputs from
   * slices that it first unpacks into local memory, so that each weight is unpacked once for all rows of the tile.
   * Parameters as in {@link #matVec}.
   */
  public static void matMul(
      KernelContext context, IntArray batch, int extent, FloatArray x, FloatArray floats, IntArray ints,
      FloatArray bias, FloatArray out, int format, int columns, int outputs, int stride, int mode) {
    int count = batch.get(extent);
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    int tilesAcross = (outputs + TILE - 1) / TILE;
    int firstRow = context.groupIdx / tilesAcross * TILE;
    int firstOutput = context.groupIdx % tilesAcross * TILE;
    int rowInTile = lane / (TILE / SQUARE) * SQUARE;
    int outputInTile = lane % (TILE / SQUARE) * SQUARE;
    float[] xs = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] weights = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] sums = new float[SQUARE * SQUARE];
    for (int i = 0; i < SQUARE * SQUARE; i++) {
      sums[i] = 0f;
    }
    for (int from = 0; from < columns; from += DEPTH) {
      for (int i = lane; i < TILE * DEPTH; i += TILE_LANES) {
        int column = from + i % DEPTH;
        int line = i / DEPTH;
        int row = firstRow + line;
        int output = firstOutput + line;
        float xValue = 0f;
        float weight = 0f;
        if (column < columns && row < count) {
          xValue = x.get(row * columns + column);
        }
        if (column < columns && output < outputs) {
          weight = Packed.value(format, floats, ints, layer * outputs + output, stride, column);
        }
        xs[i % DEPTH * PITCH + line] = xValue;
        weights[i % DEPTH * PITCH + line] = weight;
      }
      context.localBarrier();
      // A bound that is no constant keeps TornadoVM from unrolling this loop times the two within.
      int depth = columns - from < DEPTH ? columns - from : DEPTH;
      for (int k = 0; k < depth; k++) {
        for (int r = 0; r < SQUARE; r++) {
          float xValue = xs[k * PITCH + rowInTile + r];
          for (int o = 0; o < SQUARE; o++) {
            sums[r * SQUARE + o] += xValue * weights[k * PITCH + outputInTile + o];
          }
        }
      }
      context.localBarrier();
    }
    for (int i = 0; i < SQUARE * SQUARE; i++) {
      int row = firstRow + rowInTile + i / SQUARE;
      int output = firstOutput + outputInTile + i % SQUARE;
      if (row < count && output < outputs) {
        float value = sums[i];
        if ((mode & BIAS) != 0) {
          value += bias.get(layer * outputs + output);
        }
        int at = row * outputs + output;
        if ((mode & ACCUMULATE) != 0) {
          value += out.get(at);
        }
        out.set(at, value);
      }
    }
  }
}
