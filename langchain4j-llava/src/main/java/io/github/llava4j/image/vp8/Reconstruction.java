package io.github.llava4j.image.vp8;

import java.util.Arrays;

/** Puts macroblocks together from prediction and residue: RFC 6386, sections 12 and 14.5. */
final class Reconstruction {

  private static final int SIDE = 4;

  private final Planes planes;
  private final int columns;
  private final InverseTransform transform = new InverseTransform();
  private final SubblockPrediction subblocks = new SubblockPrediction();
  private final int[] aboveMacroblock = new int[SIDE];
  private final int[] aboveSubblock = new int[SIDE];

  Reconstruction(Planes planes, int columns) {
    this.planes = planes;
    this.columns = columns;
  }

  void add(Macroblock block, int column, int row) {
    if (block.hasSubblockModes()) {
      addSubblocks(block, column, row);
    } else {
      add(block, block.luma, planes.luma(), 0, Macroblock.SIZE, column, row);
    }
    add(block, block.chroma, planes.blue(), Macroblock.LUMA_BLOCKS, Macroblock.CHROMA_SIZE, column, row);
    add(block, block.chroma, planes.red(), Macroblock.LUMA_BLOCKS + Macroblock.CHROMA_BLOCKS, Macroblock.CHROMA_SIZE,
        column, row);
  }

  /** One plane of a macroblock that is predicted as a whole. */
  private void add(Macroblock block, BlockMode mode, Plane plane, int firstBlock, int size, int column, int row) {
    int at = plane.index(column * size, row * size);
    BlockPrediction.predict(mode, plane, at, size, row > 0, column > 0);
    if (block.coded) {
      int side = size / SIDE;
      for (int i = 0; i < side * side; i++) {
        addResidue(block, firstBlock + i, plane, at + SIDE * (i / side * plane.stride() + i % side));
      }
    }
  }

  /** Each subblock is complete before the next one is predicted, for which it may be a neighbour. */
  private void addSubblocks(Macroblock block, int column, int row) {
    Plane plane = planes.luma();
    int at = plane.index(column * Macroblock.SIZE, row * Macroblock.SIZE);
    readAboveMacroblock(plane, at, column);
    for (int i = 0; i < Macroblock.LUMA_BLOCKS; i++) {
      int x = i % SIDE;
      int position = at + SIDE * (i / SIDE * plane.stride() + x);
      int[] aboveRight = aboveMacroblock;
      if (x < SIDE - 1) {
        aboveRight = aboveSubblock;
        for (int n = 0; n < SIDE; n++) {
          aboveSubblock[n] = plane.get(position - plane.stride() + SIDE + n);
        }
      }
      subblocks.predict(block.subblocks[i], plane, position, aboveRight);
      if (block.coded) {
        addResidue(block, i, plane, position);
      }
    }
  }

  /**
   * The samples above and to the right of a macroblock. All four subblocks on its right side use them, because those
   * right of the lower ones are not decoded yet. Right of the picture its last sample above is repeated.
   */
  private void readAboveMacroblock(Plane plane, int at, int column) {
    int above = at - plane.stride() + Macroblock.SIZE;
    if (column < columns - 1) {
      for (int n = 0; n < SIDE; n++) {
        aboveMacroblock[n] = plane.get(above + n);
      }
    } else {
      // In the first row this is the value that is assumed for everything above the picture.
      Arrays.fill(aboveMacroblock, plane.get(above - 1));
    }
  }

  private void addResidue(Macroblock block, int index, Plane plane, int at) {
    if (block.detailed[index]) {
      transform.add(block.coefficients, index, plane, at);
    } else {
      InverseTransform.addDc(block.coefficients[index * Macroblock.BLOCK_COEFFICIENTS], plane, at);
    }
  }
}
