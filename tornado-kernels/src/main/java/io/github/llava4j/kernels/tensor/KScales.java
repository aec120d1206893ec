package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;

/** The 12 bytes in which Q4_K and Q5_K keep eight 6-bit scales and eight 6-bit minima. */
final class KScales {

  private KScales() {}

  static int scale(MemorySegment s, long at, int group) {
    return group < 4
        ? BlockLayout.u8(s, at + group) & 63
        : BlockLayout.u8(s, at + group + 4) & 15 | BlockLayout.u8(s, at + group - 4) >>> 6 << 4;
  }

  static int min(MemorySegment s, long at, int group) {
    return group < 4
        ? BlockLayout.u8(s, at + group + 4) & 63
        : BlockLayout.u8(s, at + group + 4) >>> 4 | BlockLayout.u8(s, at + group) >>> 6 << 4;
  }
}
