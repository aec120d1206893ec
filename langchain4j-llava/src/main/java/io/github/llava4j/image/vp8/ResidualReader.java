package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.util.Arrays;

/** Reads the coefficients of macroblocks: RFC 6386, section 13. */
final class ResidualReader {

  private static final int LUMA_WITHOUT_DC = 0;
  private static final int SECOND = 1;
  private static final int CHROMA = 2;
  private static final int LUMA_WITH_DC = 3;

  /** Places in the contexts of a macroblock: four for luma, two for each chroma plane, one for the second block. */
  private static final int FIRST_CHROMA_PLACE = 4;
  private static final int SECOND_PLACE = 8;
  private static final int PLACES = 9;

  private final int[] probabilities;

  /** 1 where the block above, or to the left, had coefficients. */
  private final byte[] above;
  private final byte[] left = new byte[PLACES];

  private final InverseTransform transform = new InverseTransform();

  ResidualReader(int[] probabilities, int columns) {
    this.probabilities = probabilities;
    this.above = new byte[columns * PLACES];
  }

  void startRow() {
    Arrays.fill(left, (byte) 0);
  }

  /** A macroblock without coefficients. The second block's context waits for the next one that has such a block. */
  void skip(Macroblock block, int column) {
    int places = block.hasSubblockModes() ? SECOND_PLACE : PLACES;
    Arrays.fill(above, column * PLACES, column * PLACES + places, (byte) 0);
    Arrays.fill(left, 0, places, (byte) 0);
    block.coded = false;
  }

  void read(BoolDecoder in, Macroblock block, int column, Quantizer factors) throws EOFException {
    block.coded = false;
    int places = column * PLACES;
    if (block.hasSubblockModes()) {
      readLuma(in, LUMA_WITH_DC, block, places, factors);
    } else {
      int end = readTokens(in, SECOND, above[places + SECOND_PLACE] + left[SECOND_PLACE], factors.secondDc(),
          factors.secondAc(), block.coefficients, Macroblock.SECOND_BLOCK);
      above[places + SECOND_PLACE] = left[SECOND_PLACE] = (byte) (end > 0 ? 1 : 0);
      transform.distributeDc(block.coefficients);
      readLuma(in, LUMA_WITHOUT_DC, block, places, factors);
    }
    for (int plane = 0; plane < 2; plane++) {
      readPlane(in, CHROMA, block, places, FIRST_CHROMA_PLACE + 2 * plane, 2, factors.chromaDc(), factors.chromaAc(),
          Macroblock.LUMA_BLOCKS + plane * Macroblock.CHROMA_BLOCKS);
    }
  }

  private void readLuma(BoolDecoder in, int type, Macroblock block, int places, Quantizer factors)
      throws EOFException {
    readPlane(in, type, block, places, 0, 4, factors.lumaDc(), factors.lumaAc(), 0);
  }

  /** The blocks of one plane, which is {@code side} blocks wide and high. */
  private void readPlane(BoolDecoder in, int type, Macroblock block, int places, int firstPlace, int side, int dc,
      int ac, int firstBlock) throws EOFException {
    int first = first(type);
    for (int i = 0; i < side * side; i++) {
      int x = places + firstPlace + i % side;
      int y = firstPlace + i / side;
      int index = firstBlock + i;
      int end = readTokens(in, type, above[x] + left[y], dc, ac, block.coefficients, index);
      above[x] = left[y] = (byte) (end > first ? 1 : 0);
      block.detailed[index] = end > 1;
      block.coded |= end > 1 || block.coefficients[index * Macroblock.BLOCK_COEFFICIENTS] != 0;
    }
  }

  /** The coefficients of one block; returns the position at which it ends. */
  private int readTokens(BoolDecoder in, int type, int neighbours, int dc, int ac, short[] coefficients, int index)
      throws EOFException {
    int context = neighbours;
    int node = 0;
    for (int position = first(type); position < Macroblock.BLOCK_COEFFICIENTS; position++) {
      int token = in.tree(TokenTables.TREE, node, probabilities, TokenTables.index(type, position, context));
      if (token == TokenTables.END_OF_BLOCK) {
        return position;
      }
      if (token == 0) {
        context = 0;
        node = TokenTables.TREE_WITHOUT_END;
      } else {
        int level = token < TokenTables.FIRST_CATEGORY ? token : magnitude(in, token - TokenTables.FIRST_CATEGORY);
        int factor = position == 0 ? dc : ac;
        // 16 bits, by section 14.1, whatever an encoder may have meant by more.
        coefficients[index * Macroblock.BLOCK_COEFFICIENTS + TokenTables.ZIGZAG[position]] =
            (short) (in.flag() ? -level * factor : level * factor);
        context = level == 1 ? 1 : 2;
        node = 0;
      }
    }
    return Macroblock.BLOCK_COEFFICIENTS;
  }

  private static int magnitude(BoolDecoder in, int category) throws EOFException {
    int offset = 0;
    for (int probability : TokenTables.CATEGORY_BITS[category]) {
      offset = offset << 1 | (in.read(probability) ? 1 : 0);
    }
    return TokenTables.CATEGORY_BASE[category] + offset;
  }

  /** The position of the first coefficient in a block of a type. */
  private static int first(int type) {
    return type == LUMA_WITHOUT_DC ? 1 : 0;
  }
}
