package io.github.llava4j.image.vp8;

/** The three planes of a picture, of which the chroma planes are half as wide and high as the one of luma. */
record Planes(Plane luma, Plane blue, Plane red) {

  static Planes of(int columns, int rows) {
    return new Planes(
        Plane.of(columns * Macroblock.SIZE, rows * Macroblock.SIZE),
        Plane.of(columns * Macroblock.CHROMA_SIZE, rows * Macroblock.CHROMA_SIZE),
        Plane.of(columns * Macroblock.CHROMA_SIZE, rows * Macroblock.CHROMA_SIZE));
  }
}
