package io.github.llava4j.image;

import java.io.IOException;

/** One file format. Every failure of a method is an {@link IOException} or an unchecked exception of a plug-in. */
interface Format {

  /** Reads the header. Costs no more than a walk over the file's parts; no pixel is decoded. */
  Header header(byte[] encoded) throws IOException;

  /**
   * Decodes the pixels as they are stored, not turned.
   *
   * @param header what {@link #header} gave; a plug-in that sees another size is stopped before it takes memory
   */
  Pixels decode(byte[] encoded, Header header) throws IOException;

  static Format of(ImageKind kind) {
    return switch (kind) {
      case JPEG -> new JpegDecoder();
      case PNG -> new PngDecoder();
      case WEBP -> new WebpDecoder();
      case TIFF -> new TiffDecoder();
      case GIF -> new GifDecoder();
      case BMP -> new BmpDecoder();
    };
  }
}
