package io.github.llava4j.image.vp8;

/**
 * Smooths the edges between macroblocks and between their subblocks: RFC 6386, section 15. It begins when the whole
 * picture is decoded, because prediction is from samples that are not smoothed.
 */
final class LoopFilter {

  private static final int SUBBLOCK = 4;

  private final FilterSettings settings;
  private final int columns;
  private final int rows;

  /** For each macroblock twice its level, plus 1 if its subblocks are filtered too. */
  private final byte[] strengths;

  LoopFilter(FilterSettings settings, int columns, int rows) {
    this.settings = settings;
    this.columns = columns;
    this.rows = rows;
    this.strengths = new byte[columns * rows];
  }

  /** Notes how a macroblock is to be filtered. A block that is all prediction has no edges within (section 15.1). */
  void note(Macroblock block, int column, int row, Segmentation segmentation) {
    boolean within = block.coded || block.hasSubblockModes();
    int level = settings.levelOf(segmentation, block.segment, block.hasSubblockModes());
    strengths[row * columns + column] = (byte) (2 * level + (within ? 1 : 0));
  }

  void apply(Planes planes) {
    if (settings.level() == 0) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int strength = strengths[row * columns + column];
        int level = strength / 2;
        if (level > 0) {
          boolean within = strength % 2 == 1;
          apply(planes.luma(), Macroblock.SIZE, column, row, level, within);
          if (!settings.simple()) {
            apply(planes.blue(), Macroblock.CHROMA_SIZE, column, row, level, within);
            apply(planes.red(), Macroblock.CHROMA_SIZE, column, row, level, within);
          }
        }
      }
    }
  }

  /** One plane of a macroblock: its left edge, the vertical ones within, its upper edge, the horizontal ones within. */
  private void apply(Plane plane, int size, int column, int row, int level, boolean within) {
    int interior = interiorLimit(level);
    int variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    EdgeFilter outer = new EdgeFilter(plane.samples(), 2 * (level + 2) + interior, interior, variance);
    EdgeFilter inner = new EdgeFilter(plane.samples(), 2 * level + interior, interior, variance);
    int at = plane.index(column * size, row * size);
    int stride = plane.stride();
    if (column > 0) {
      macroblockEdge(outer, at, 1, stride, size);
    }
    for (int x = SUBBLOCK; within && x < size; x += SUBBLOCK) {
      subblockEdge(inner, at + x, 1, stride, size);
    }
    if (row > 0) {
      macroblockEdge(outer, at, stride, 1, size);
    }
    for (int y = SUBBLOCK; within && y < size; y += SUBBLOCK) {
      subblockEdge(inner, at + y * stride, stride, 1, size);
    }
  }

  private void macroblockEdge(EdgeFilter filter, int at, int across, int along, int length) {
    if (settings.simple()) {
      filter.simple(at, across, along, length);
    } else {
      filter.macroblock(at, across, along, length);
    }
  }

  private void subblockEdge(EdgeFilter filter, int at, int across, int along, int length) {
    if (settings.simple()) {
      filter.simple(at, across, along, length);
    } else {
      filter.subblock(at, across, along, length);
    }
  }

  /** Section 15.4. */
  private int interiorLimit(int level) {
    int limit = level;
    if (settings.sharpness() > 0) {
      limit = Math.min(level >> (settings.sharpness() > 4 ? 2 : 1), 9 - settings.sharpness());
    }
    return Math.max(limit, 1);
  }
}
