package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.tensor.Tensor;

/** Reads pieces of a weight into the order in which {@link Tile} wants them: [input][output], a few outputs wide. */
final class PanelPacker {

  private final Tensor weight;
  private final RowKernel kernel;

  PanelPacker(Tensor weight) {
    this.weight = weight;
    this.kernel = RowKernel.of(weight.type());
  }

  /**
   * panel[panelAt + k * WIDTH + j] = weight[output + j][input + k]; what lies beyond the last output is undefined.
   *
   * @param input a multiple of {@link Tile#DEPTH}, so a block's start in every format
   * @param depth at most {@link Tile#DEPTH}
   */
  void pack(int output, int input, int depth, float[] panel, int panelAt, Scratch scratch) {
    int width = Math.min(Tile.WIDTH, weight.rows() - output);
    if (weight.layout() == Tensor.Layout.TRANSPOSED) {
      for (int k = 0; k < depth; k++) {
        long first = (long) (input + k) * weight.rows() + output;
        kernel.read(weight.data(), weight.type().bytes(first), panel, panelAt + k * Tile.WIDTH, width);
      }
      return;
    }
    float[] rows = scratch.floats(Gemm.ROWS, Tile.WIDTH * Tile.DEPTH);
    for (int j = 0; j < width; j++) {
      long at = (output + j) * weight.rowBytes() + weight.type().bytes(input);
      kernel.read(weight.data(), at, rows, j * Tile.DEPTH, depth);
    }
    Transposition.transpose(
        rows, 0, Tile.DEPTH, Tile.WIDTH, depth, panel, panelAt, Tile.WIDTH,
        scratch.floats(Gemm.BLOCK, Lanes.N * Lanes.N));
  }
}
