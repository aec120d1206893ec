package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the segments before the first scan of a JPEG say.
 *
 * @param components identifiers of the colour components, in order
 * @param jfif whether there is a JFIF segment
 * @param adobeTransform the colour transform of an Adobe segment, or -1 without one
 */
record JpegHeader(int width, int height, int[] components, boolean jfif, int adobeTransform, EmbeddedTags tags) {

  private static final int START_OF_SCAN = 0xDA;
  private static final int END_OF_IMAGE = 0xD9;
  private static final String EXIF_MARK = "Exif\0\0";
  private static final String XMP_MARK = "http://ns.adobe.com/xap/1.0/\0";

  static JpegHeader parse(byte[] data) throws IOException {
    int width = 0;
    int height = 0;
    int[] components = null;
    boolean jfif = false;
    int adobeTransform = -1;
    byte[] exif = null;
    byte[] xmp = null;
    for (int at = 2; ; ) {
      while (at + 1 < data.length && (data[at] != (byte) 0xFF || data[at + 1] == 0 || data[at + 1] == (byte) 0xFF)) {
        at++;
      }
      int marker = u8(data, at + 1);
      if (marker == START_OF_SCAN) {
        requireEnd(data, at);
        break;
      }
      at += 2;
      if (marker >= 0xD0 && marker <= 0xD8 || marker == 1) {
        continue;
      }
      int end = at + u16(data, at);
      if (end > data.length || end < at + 2) {
        throw new EOFException("segment %02x is cut off".formatted(marker));
      }
      int body = at + 2;
      if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
        height = u16(data, body + 1);
        width = u16(data, body + 3);
        components = new int[u8(data, body + 5)];
        for (int i = 0; i < components.length; i++) {
          components[i] = u8(data, body + 6 + 3 * i);
        }
      } else if (marker == 0xE0 && starts(data, body, end, "JFIF\0")) {
        jfif = true;
      } else if (marker == 0xEE && starts(data, body, end, "Adobe") && end - body >= 12) {
        adobeTransform = u8(data, body + 11);
      } else if (marker == 0xE1 && exif == null && starts(data, body, end, EXIF_MARK)) {
        exif = Arrays.copyOfRange(data, body + EXIF_MARK.length(), end);
      } else if (marker == 0xE1 && xmp == null && starts(data, body, end, XMP_MARK)) {
        xmp = Arrays.copyOfRange(data, body + XMP_MARK.length(), end);
      }
      at = end;
    }
    if (components == null) {
      throw new IOException("there is no frame header before the first scan");
    }
    return new JpegHeader(width, height, components, jfif, adobeTransform, new EmbeddedTags(exif, xmp));
  }

  /** Whether three components are red, green, blue and not luma and chroma: libjpeg's rule (jdapimin.c). */
  boolean storesRgb() {
    if (jfif) {
      return false;
    }
    return adobeTransform >= 0 ? adobeTransform == 0 : Arrays.equals(components, new int[] {'R', 'G', 'B'});
  }

  /** Whether four components are luma, chroma and black and not the four inks: libjpeg's rule (jdapimin.c). */
  boolean storesYcck() {
    return adobeTransform > 0;
  }

  /** The JDK's reader fills what is missing with gray and only warns. */
  private static void requireEnd(byte[] data, int from) throws EOFException {
    for (int at = data.length - 2; at > from; at--) {
      if (data[at] == (byte) 0xFF && data[at + 1] == (byte) END_OF_IMAGE) {
        return;
      }
    }
    throw new EOFException("the file ends before the end of the image");
  }

  private static boolean starts(byte[] data, int from, int end, String mark) {
    return end - from >= mark.length()
        && mark.equals(new String(data, from, mark.length(), StandardCharsets.ISO_8859_1));
  }

  private static int u8(byte[] data, int at) throws EOFException {
    if (at >= data.length) {
      throw new EOFException("the file ends in the header");
    }
    return data[at] & 0xFF;
  }

  private static int u16(byte[] data, int at) throws EOFException {
    return u8(data, at) << 8 | u8(data, at + 1);
  }
}
