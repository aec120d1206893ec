package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * A GIF up to the codes of its first frame. As in Pillow, bytes that begin no block are skipped, and a file without a
 * palette is gray.
 *
 * @param screenWidth of the logical screen, grown to hold the frame
 * @param screenHeight likewise
 * @param left where the frame lies on the screen
 * @param width of the frame
 * @param palette red, green, blue of each index; null if indices are levels of gray
 * @param background the index of the screen beside the frame
 * @param codeBits bits of an index in the codes
 * @param codes where the blocks of codes begin
 */
record GifFile(int screenWidth, int screenHeight, int left, int top, int width, int height, boolean interlaced,
    byte @Nullable [] palette, int background, int codeBits, int codes) {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int TRAILER = 0x3B;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int PALETTE_FLAG = 0x80;
  private static final int INTERLACED_FLAG = 0x40;
  private static final int SCREEN_BYTES = 13;
  private static final int IMAGE_BYTES = 10;
  private static final int MOST_CODE_BITS = 12;

  static GifFile parse(byte[] data) throws IOException {
    int screenFlags = u8(data, 10);
    byte[] palette = palette(data, SCREEN_BYTES, screenFlags);
    int transparent = -1;
    int at = SCREEN_BYTES + paletteBytes(screenFlags);
    while (u8(data, at) != IMAGE) {
      if (u8(data, at) == TRAILER) {
        throw new IOException("there is no image in the file");
      }
      if (u8(data, at) != EXTENSION) {
        at++;
        continue;
      }
      if (u8(data, at + 1) == GRAPHIC_CONTROL && u8(data, at + 2) >= 4 && (u8(data, at + 3) & 1) != 0) {
        transparent = u8(data, at + 6);
      }
      at += 2;
      for (int block = u8(data, at); block > 0; block = u8(data, at)) {
        at += 1 + block;
      }
      at++;
    }
    int flags = u8(data, at + 9);
    if ((flags & PALETTE_FLAG) != 0) {
      palette = palette(data, at + IMAGE_BYTES, flags);
    }
    int left = u16(data, at + 1);
    int top = u16(data, at + 3);
    int width = u16(data, at + 5);
    int height = u16(data, at + 7);
    int codes = at + IMAGE_BYTES + paletteBytes(flags);
    if (width == 0 || height == 0 || u8(data, codes) > MOST_CODE_BITS) {
      throw new IOException("the first image is %d x %d with codes of %d bits".formatted(width, height, u8(data, codes)));
    }
    return new GifFile(Math.max(u16(data, 6), left + width), Math.max(u16(data, 8), top + height), left, top, width,
        height, (flags & INTERLACED_FLAG) != 0, palette, Math.max(transparent, 0), u8(data, codes), codes + 1);
  }

  /** The colour of an index, 0xRRGGBB; black beyond the palette. */
  int color(int index) {
    if (palette == null) {
      return index << 16 | index << 8 | index;
    }
    int at = 3 * index;
    return at + 2 < palette.length
        ? (palette[at] & 0xFF) << 16 | (palette[at + 1] & 0xFF) << 8 | palette[at + 2] & 0xFF : 0;
  }

  private static byte @Nullable [] palette(byte[] data, int at, int flags) throws EOFException {
    int bytes = paletteBytes(flags);
    if (at + bytes > data.length) {
      throw new EOFException("the file ends in a palette");
    }
    return bytes == 0 ? null : Arrays.copyOfRange(data, at, at + bytes);
  }

  private static int paletteBytes(int flags) {
    return (flags & PALETTE_FLAG) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  private static int u8(byte[] data, int at) throws EOFException {
    if (at >= data.length) {
      throw new EOFException("the file ends before the first image");
    }
    return data[at] & 0xFF;
  }

  private static int u16(byte[] data, int at) throws EOFException {
    return u8(data, at) | u8(data, at + 1) << 8;
  }
}
