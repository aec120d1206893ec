package io.github.llava4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import io.github.llava4j.ImageException;

/** Pictures as text: see {@link ImageSource#ofBase64}. */
final class Base64Text {

  private static final String SCHEME = "data:";
  private static final String MARK = ";base64";

  private Base64Text() {}

  static byte[] decode(String text, String name) {
    String base64 = text.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) ? content(text, name) : text;
    try {
      return Base64.getDecoder().decode(normalised(base64));
    } catch (IllegalArgumentException e) {
      throw new ImageException("%s: expected a picture in base64: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** What follows the comma of a data: address (RFC 2397). */
  private static String content(String address, String name) {
    int comma = address.indexOf(',');
    if (comma < 0 || !address.regionMatches(true, comma - MARK.length(), MARK, 0, MARK.length())) {
      throw new ImageException(name + ": expected a data: address of the form data:image/png;base64,...");
    }
    return address.substring(comma + 1);
  }

  /** Characters of the basic alphabet for all that mean them; the others stay, for the decoder to refuse. */
  private static byte[] normalised(String base64) {
    // A character beyond Latin-1 becomes a question mark, which is not in the alphabet either.
    byte[] from = base64.getBytes(StandardCharsets.ISO_8859_1);
    byte[] to = new byte[from.length];
    int length = 0;
    for (int i = 0; i < from.length; i++) {
      int character = from[i];
      if (character == '%') {
        character = HexFormat.fromHexDigits(base64, i + 1, Math.min(i + 3, from.length));
        i += 2;
      }
      switch (character) {
        case ' ', '\t', '\r', '\n', '\f' -> { }
        case '-' -> to[length++] = '+';
        case '_' -> to[length++] = '/';
        default -> to[length++] = (byte) character;
      }
    }
    return Arrays.copyOf(to, length);
  }
}
