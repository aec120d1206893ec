package io.github.llava4j.image.vp8;

/** 16 x 16 pixels: what was read of them, before they are put together. One object serves all of them in turn. */
final class Macroblock {

  static final int SIZE = 16;
  static final int CHROMA_SIZE = SIZE / 2;

  /** Luma blocks come first, then those of the two chroma planes, all of them row by row. */
  static final int LUMA_BLOCKS = 16;
  static final int CHROMA_BLOCKS = 4;

  /** The block that holds the luma DC coefficients, where there is one. */
  static final int SECOND_BLOCK = LUMA_BLOCKS + 2 * CHROMA_BLOCKS;

  static final int BLOCK_COEFFICIENTS = 16;

  final SubblockMode[] subblocks = new SubblockMode[LUMA_BLOCKS];
  BlockMode luma;
  BlockMode chroma;
  int segment;

  /** Whether it says that it has no coefficients. */
  boolean skipped;

  /** Dequantised, each block row by row; zeros between macroblocks. */
  final short[] coefficients = new short[(SECOND_BLOCK + 1) * BLOCK_COEFFICIENTS];

  /** Whether a block has coefficients other than its DC. */
  final boolean[] detailed = new boolean[SECOND_BLOCK];

  /** Whether any block has coefficients. */
  boolean coded;

  boolean hasSubblockModes() {
    return luma == BlockMode.SUBBLOCKS;
  }
}
