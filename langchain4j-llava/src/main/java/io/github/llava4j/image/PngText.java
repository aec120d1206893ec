package io.github.llava4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG in which Pillow looks for EXIF and XMP: eXIf, text with the keywords of either, and ImageMagick's
 * "Raw profile type exif". Of chunks with one meaning the last counts.
 */
final class PngText {

  private static final String XMP = "XML:com.adobe.xmp";
  private static final String RAW_EXIF = "Raw profile type exif";
  // Pillow refuses pictures with more (PngImagePlugin.MAX_TEXT_CHUNK); no orientation stands so far behind.
  private static final int MOST_TEXT = 1 << 20;
  // Lines before the digits of a raw profile: an empty one, its name, its length.
  private static final int RAW_LINES = 3;

  private byte @Nullable [] exif;
  private byte @Nullable [] rawExif;
  private byte @Nullable [] xmp;

  /** Takes note of a chunk whose data are given. */
  void add(String type, byte[] data, int start, int end) {
    switch (type) {
      case "eXIf" -> exif = Arrays.copyOfRange(data, start, end);
      case "tEXt", "zTXt", "iTXt" -> text(type, data, start, end);
      default -> { }
    }
  }

  EmbeddedTags tags() {
    return new EmbeddedTags(exif == null ? rawExif : exif, xmp);
  }

  private void text(String type, byte[] data, int start, int end) {
    int at = terminator(data, start, end);
    String keyword = new String(data, start, at - start, StandardCharsets.ISO_8859_1);
    if (!keyword.equals("exif") && !keyword.equals(RAW_EXIF) && !keyword.equals(XMP)) {
      return;
    }
    at = Math.min(at + 1, end);
    byte[] value = switch (type) {
      case "zTXt" -> inflate(data, at + 1, end);
      case "iTXt" -> international(data, at, end);
      default -> Arrays.copyOfRange(data, at, end);
    };
    if (value == null) {
      return;
    }
    switch (keyword) {
      case XMP -> xmp = value;
      case RAW_EXIF -> rawExif = unhex(value);
      default -> exif = type.equals("tEXt") ? value : exif;
    }
  }

  /** Two bytes about compression, a language, a translated keyword, the text; null if that is not all there. */
  private static byte @Nullable [] international(byte[] data, int start, int end) {
    int language = terminator(data, start + 2, end);
    int from = terminator(data, language + 1, end) + 1;
    if (from > end) {
      return null;
    }
    if (data[start] == 0) {
      return Arrays.copyOfRange(data, from, end);
    }
    return data[start + 1] == 0 ? inflate(data, from, end) : null;
  }

  /** Where the zero byte stands, or the end if there is none. */
  private static int terminator(byte[] data, int start, int end) {
    int at = Math.min(start, end);
    while (at < end && data[at] != 0) {
      at++;
    }
    return at;
  }

  /** The text, or null if it is damaged or too long. */
  private static byte @Nullable [] inflate(byte[] data, int start, int end) {
    if (start > end) {
      return null;
    }
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(data, start, end - start);
      byte[] text = new byte[Math.min(MOST_TEXT, 1024 + 8 * (end - start))];
      int length = 0;
      while (!inflater.finished()) {
        int count = inflater.inflate(text, length, text.length - length);
        length += count;
        if (length == MOST_TEXT) {
          return null;
        }
        if (count == 0 && length < text.length) {
          // Cut off; what there is counts.
          break;
        }
        if (length == text.length) {
          text = Arrays.copyOf(text, Math.min(MOST_TEXT, 2 * text.length));
        }
      }
      return Arrays.copyOf(text, length);
    } catch (DataFormatException _) {
      return null;
    }
  }

  /** The bytes of a raw profile, or null if it is none. */
  private static byte @Nullable [] unhex(byte[] profile) {
    String[] lines = new String(profile, StandardCharsets.ISO_8859_1).split("\n", -1);
    try {
      return lines.length <= RAW_LINES ? null
          : HexFormat.of().parseHex(String.join("", Arrays.copyOfRange(lines, RAW_LINES, lines.length)).strip());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
