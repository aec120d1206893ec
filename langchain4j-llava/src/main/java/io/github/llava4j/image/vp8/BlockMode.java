package io.github.llava4j.image.vp8;

import org.jspecify.annotations.Nullable;

/** How a macroblock, or its chroma, is predicted, in the order of RFC 6386, section 8.2. */
enum BlockMode {
  DC(SubblockMode.DC),
  VERTICAL(SubblockMode.VERTICAL),
  HORIZONTAL(SubblockMode.HORIZONTAL),
  TRUE_MOTION(SubblockMode.TRUE_MOTION),

  /** Each luma subblock has a mode of its own; chroma never has this one. */
  SUBBLOCKS(null);

  private static final BlockMode[] ALL = values();

  private final @Nullable SubblockMode asSubblock;

  BlockMode(@Nullable SubblockMode asSubblock) {
    this.asSubblock = asSubblock;
  }

  static BlockMode of(int ordinal) {
    return ALL[ordinal];
  }

  /** The mode that subblocks of the neighbours take this one for (section 11.3), or null. */
  @Nullable SubblockMode asSubblock() {
    return asSubblock;
  }
}
