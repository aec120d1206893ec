package io.github.llava4j.image;

import java.io.IOException;

/**
 * The first frame of a GIF, placed on the logical screen as Pillow does: the screen grows where a frame does not fit,
 * and the rest of it has the colour of the transparent index, or of index 0.
 */
final class GifDecoder implements Format {

  @Override
  public Header header(byte[] encoded) throws IOException {
    GifFile file = GifFile.parse(encoded);
    return new Header(file.screenWidth(), file.screenHeight(), 1, 1);
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    GifFile file = GifFile.parse(encoded);
    byte[] indices = new GifIndices(encoded, file.codes(), file.codeBits())
        .decode(file.width(), file.height(), file.interlaced());
    Pixels screen = Pixels.filled(header.width(), header.height(), file.color(file.background()));
    byte[] rgb = screen.rgb();
    for (int y = 0, from = 0; y < file.height(); y++) {
      int to = 3 * ((file.top() + y) * header.width() + file.left());
      for (int x = 0; x < file.width(); x++, to += 3) {
        int color = file.color(indices[from++] & 0xFF);
        rgb[to] = (byte) (color >> 16);
        rgb[to + 1] = (byte) (color >> 8);
        rgb[to + 2] = (byte) color;
      }
    }
    return screen;
  }
}
