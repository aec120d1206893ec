package io.github.llava4j.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The metadata inside a picture that says how it is turned, looked up as Pillow's {@code Image.getexif} does.
 *
 * @param exif an EXIF block, which has the form of a TIFF file; null if there is none
 * @param xmp an XMP packet; null if there is none
 */
record EmbeddedTags(byte @Nullable [] exif, byte @Nullable [] xmp) {

  // JPEG's mark of an EXIF segment. Some writers put it before the block in other formats, too, or twice.
  private static final byte[] MARK = {'E', 'x', 'i', 'f', 0, 0};
  private static final Pattern XMP_ORIENTATION = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
  private static final int UPRIGHT = 1;
  private static final int LAST = 8;

  /** The EXIF orientation, 1 to 8; XMP's if EXIF has none; 1 (upright) if neither is usable. */
  int orientation() {
    if (exif != null) {
      int start = 0;
      while (Arrays.equals(exif, start, Math.min(start + MARK.length, exif.length), MARK, 0, MARK.length)) {
        start += MARK.length;
      }
      try {
        TiffDirectory directory = TiffDirectory.of(exif, start);
        if (directory.has(TiffDirectory.ORIENTATION)) {
          return valid(directory.number(TiffDirectory.ORIENTATION).orElse(0.0));
        }
      } catch (IOException _) {
        // Cameras and editors write broken EXIF often enough; the pixels are not to blame.
      }
    }
    if (xmp != null) {
      Matcher matcher = XMP_ORIENTATION.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
      return matcher.find() ? valid(Integer.parseInt(matcher.group(1))) : UPRIGHT;
    }
    return UPRIGHT;
  }

  private static int valid(double value) {
    return value >= UPRIGHT && value <= LAST && value == (int) value ? (int) value : UPRIGHT;
  }
}
