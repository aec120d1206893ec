package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.util.Arrays;

/** Reads what the first partition says about each macroblock: RFC 6386, sections 10 and 11. */
final class ModeReader {

  private static final int SIDE = 4;

  private final BoolDecoder in;
  private final FrameHeader header;

  /** The modes of the lowest subblocks above. */
  private final SubblockMode[] above;

  /** The modes of the rightmost subblocks to the left. */
  private final SubblockMode[] left = new SubblockMode[SIDE];

  ModeReader(BoolDecoder in, FrameHeader header, int columns) {
    this.in = in;
    this.header = header;
    this.above = new SubblockMode[columns * SIDE];
    Arrays.fill(above, SubblockMode.DC);
  }

  void startRow() {
    Arrays.fill(left, SubblockMode.DC);
  }

  void read(Macroblock block, int column) throws EOFException {
    block.segment = header.segmentation().next(in);
    block.skipped = header.skipping() && in.read(header.skipProbability());
    block.luma = BlockMode.of(in.tree(ModeTables.LUMA_TREE, 0, ModeTables.LUMA_PROBABILITIES, 0));
    if (block.hasSubblockModes()) {
      readSubblocks(block, column * SIDE);
    } else {
      Arrays.fill(above, column * SIDE, (column + 1) * SIDE, block.luma.asSubblock());
      Arrays.fill(left, block.luma.asSubblock());
    }
    block.chroma = BlockMode.of(in.tree(ModeTables.CHROMA_TREE, 0, ModeTables.CHROMA_PROBABILITIES, 0));
  }

  private void readSubblocks(Macroblock block, int firstAbove) throws EOFException {
    for (int i = 0; i < block.subblocks.length; i++) {
      int x = firstAbove + i % SIDE;
      int y = i / SIDE;
      SubblockMode mode = SubblockMode.of(in.tree(ModeTables.SUBBLOCK_TREE, 0, ModeTables.SUBBLOCK_PROBABILITIES,
          ModeTables.subblockIndex(above[x], left[y])));
      block.subblocks[i] = mode;
      above[x] = mode;
      left[y] = mode;
    }
  }
}
