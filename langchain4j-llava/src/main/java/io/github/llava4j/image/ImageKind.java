package io.github.llava4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The picture formats that are read, each told by its first bytes; names and media types are not trusted. */
public enum ImageKind {
  PNG,
  JPEG,
  GIF,
  BMP,
  WEBP,
  TIFF;

  /** The kind of an encoded picture, or empty if none of the formats begins like this. */
  public static Optional<ImageKind> of(byte[] encoded) {
    String start = new String(encoded, 0, Math.min(encoded.length, 12), StandardCharsets.ISO_8859_1);
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return Optional.of(GIF);
    } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return Optional.of(WEBP);
    } else if (start.startsWith("II*\0") || start.startsWith("MM\0*") || start.startsWith("II+\0")
        || start.startsWith("MM\0+")) {
      return Optional.of(TIFF);
    } else if (start.startsWith("BM")) {
      return Optional.of(BMP);
    }
    return Optional.empty();
  }
}
