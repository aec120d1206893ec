package io.github.llava4j.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metadata inside a picture that says how it is turned.
 *
 * @param exif an EXIF block, which has the form of a TIFF file; null if there is none
 * @param xmp an XMP packet; null if there is none
 */
record EmbeddedTags(byte[] exif, byte[] xmp) {

  // JPEG's mark of an EXIF segment. Some writers put it before the block in other formats, too, or twice.
  private static final byte[] MARK = {'E', 'x', 'i', 'f', 0, 0};
  // As Pillow's Image.getexif looks it up.
  private static final Pattern XMP_ORIENTATION = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  /** The EXIF orientation, 1 to 8; XMP's if EXIF has none, as in Pillow; 1 (upright) if neither is usable. */
  int orientation() {
    int value = exif == null ? 0 : exifOrientation();
    if (value == 0 && xmp != null) {
      Matcher matcher = XMP_ORIENTATION.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
      value = matcher.find() ? Integer.parseInt(matcher.group(1)) : 1;
    }
    return value >= 1 && value <= 8 ? value : 1;
  }

  /** The value in the first directory, or 0 if there is none or the block is damaged. */
  private int exifOrientation() {
    int start = 0;
    while (startsWithMark(start)) {
      start += MARK.length;
    }
    try {
      return (int) TiffDirectory.of(start == 0 ? exif : Arrays.copyOfRange(exif, start, exif.length))
          .integer(TiffDirectory.ORIENTATION).orElse(0);
    } catch (IOException _) {
      // Cameras and editors write broken EXIF often enough; the pixels are not to blame.
      return 0;
    }
  }

  private boolean startsWithMark(int start) {
    return exif.length - start >= MARK.length && Arrays.equals(exif, start, start + MARK.length, MARK, 0, MARK.length);
  }
}
