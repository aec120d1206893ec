package io.github.llava4j.kernels.vector;

import java.util.Arrays;

import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * Matrix products of many rows, bound by arithmetic. The activations are first copied into pieces of {@link Tile#DEPTH}
 * inputs that lie close together (rows that are a power of two apart would fight for the same cache lines). A worker then
 * takes some panels of outputs, reads their weights piece by piece as float32 in {@link Tile}'s order, and multiplies each
 * piece with all rows while it is in its second-level cache: a weight is converted once for hundreds of rows.
 */
final class Gemm {

  // The arrays of a worker's scratch.
  static final int ROWS = 0;
  static final int BLOCK = 1;
  private static final int PANELS = 2;
  private static final int SUMS = 3;

  /** Panels that a worker takes at once: each tile of activations is used for so many while it is in the first cache. */
  private static final int MAX_PANELS = 4;

  /** Rows that are done at once, which bounds the copied activations and the sums. */
  private static final int MAX_ROWS = 768;

  private final Workers workers;
  private final Scratch[] scratch;
  private float[] packed = new float[0];

  Gemm(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void multiply(float[] in, int rows, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    int parts = (rows + MAX_ROWS - 1) / MAX_ROWS;
    for (int p = 0; p < parts; p++) {
      int from = (int) ((long) rows * p / parts);
      int to = (int) ((long) rows * (p + 1) / parts);
      part(in, from, to - from, weight, bias, accumulate, out);
    }
  }

  private void part(float[] in, int first, int rows, Tensor weight, float[] bias, boolean accumulate, float[] out) {
    int inputs = weight.columns();
    int outputs = weight.rows();
    int padded = Tile.padded(rows);
    copyActivations(in, first, rows, inputs, padded);
    int panels = (outputs + Tile.WIDTH - 1) / Tile.WIDTH;
    int group = Math.clamp(panels / (4 * workers.size()), 1, MAX_PANELS);
    PanelPacker packer = new PanelPacker(weight);
    workers.forEach((panels + group - 1) / group, (worker, item) -> {
      int begin = item * group;
      int count = Math.min(group, panels - begin);
      float[] sums = multiplyPanels(packer, begin, count, inputs, padded, scratch[worker]);
      for (int p = 0; p < count; p++) {
        int output = (begin + p) * Tile.WIDTH;
        int width = Math.min(Tile.WIDTH, outputs - output);
        for (int r = 0; r < rows; r++) {
          int to = (first + r) * outputs + output;
          store(sums, (p * padded + r) * Tile.WIDTH, width, bias, output, accumulate, out, to);
        }
      }
    });
  }

  /** Makes {@link #packed} [pieces of DEPTH inputs][padded rows][DEPTH]; what pads is undefined. */
  private void copyActivations(float[] in, int first, int rows, int inputs, int padded) {
    int pieces = (inputs + Tile.DEPTH - 1) / Tile.DEPTH;
    int size = Math.multiplyExact(pieces * padded, Tile.DEPTH);
    if (packed.length < size) {
      packed = new float[size];
    }
    workers.forEach(pieces, piece -> {
      int input = piece * Tile.DEPTH;
      int depth = Math.min(Tile.DEPTH, inputs - input);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(in, (first + r) * inputs + input, packed, (piece * padded + r) * Tile.DEPTH, depth);
      }
    });
  }

  /** The products [count][padded rows][WIDTH] of the panels from {@code begin} on with all rows. */
  private float[] multiplyPanels(PanelPacker packer, int begin, int count, int inputs, int padded, Scratch scratch) {
    float[] panels = scratch.floats(PANELS, MAX_PANELS * Tile.DEPTH * Tile.WIDTH);
    float[] sums = scratch.floats(SUMS, count * padded * Tile.WIDTH);
    Arrays.fill(sums, 0, count * padded * Tile.WIDTH, 0);
    for (int input = 0; input < inputs; input += Tile.DEPTH) {
      int depth = Math.min(Tile.DEPTH, inputs - input);
      for (int p = 0; p < count; p++) {
        workers.check();
        packer.pack((begin + p) * Tile.WIDTH, input, depth, panels, p * Tile.DEPTH * Tile.WIDTH, scratch);
      }
      int piece = input / Tile.DEPTH;
      for (int r = 0, height; r < padded; r += height) {
        height = Tile.height(padded - r);
        // Before C2 has compiled the tile, an item takes seconds.
        workers.check();
        for (int p = 0; p < count; p++) {
          Tile.multiply(
              height, packed, (piece * padded + r) * Tile.DEPTH, panels, p * Tile.DEPTH * Tile.WIDTH, depth, sums,
              (p * padded + r) * Tile.WIDTH);
        }
      }
    }
    return sums;
  }

  private static void store(
      float[] sums, int at, int width, float[] bias, int output, boolean accumulate, float[] out, int to) {
    int whole = Lanes.F.loopBound(width);
    for (int i = 0; i < whole; i += Lanes.N) {
      var sum = Lanes.load(sums, at + i);
      if (bias != null) {
        sum = sum.add(Lanes.load(bias, output + i));
      }
      if (accumulate) {
        sum = sum.add(Lanes.load(out, to + i));
      }
      sum.intoArray(out, to + i);
    }
    for (int i = whole; i < width; i++) {
      out[to + i] = Finish.apply(sums[at + i], bias, output + i, accumulate, out[to + i]);
    }
  }
}
