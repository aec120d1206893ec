package io.github.llava4j.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metadata inside a picture that says how it is turned.
 *
 * @param exif an EXIF block, which has the form of a TIFF file; null if there is none
 * @param xmp an XMP packet; null if there is none
 */
record EmbeddedTags(byte[] exif, byte[] xmp) {

  private static final int ORIENTATION = 0x112;
  private static final int TYPE_SHORT = 3;
  private static final int ENTRY_BYTES = 12;
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
    try {
      ByteBuffer block = ByteBuffer.wrap(exif);
      if (block.get(0) == 'I') {
        block.order(ByteOrder.LITTLE_ENDIAN);
      }
      block.position(block.getInt(4));
      int entries = Short.toUnsignedInt(block.getShort());
      int first = block.position();
      for (int entry = first; entry < first + entries * ENTRY_BYTES; entry += ENTRY_BYTES) {
        if (Short.toUnsignedInt(block.getShort(entry)) == ORIENTATION && block.getShort(entry + 2) == TYPE_SHORT) {
          return Short.toUnsignedInt(block.getShort(entry + 8));
        }
      }
      return 0;
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException _) {
      // Cameras and editors write broken EXIF often enough; the pixels are not to blame.
      return 0;
    }
  }
}
