package io.github.llava4j.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;

/** BMP as Pillow reads it (BmpImagePlugin.py); alpha is dropped. */
final class BmpDecoder implements Format {

  @Override
  public Header header(byte[] encoded) throws IOException {
    BmpFile file = BmpFile.parse(encoded);
    return new Header(file.width(), file.height(), Math.ceilDiv(file.bits(), 8), 1);
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    BmpFile file = BmpFile.parse(encoded);
    Pixels pixels = Pixels.black(file.width(), file.height());
    boolean runs = file.compression() != BmpFile.RAW;
    byte[] rows = runs ? runs(encoded, file) : file.rows(encoded);
    int rowBytes = runs ? file.width() : (int) file.rowBytes();
    int bits = runs ? 8 : file.bits();
    for (int i = 0; i < file.height(); i++) {
      int y = file.topDown() ? i : file.height() - 1 - i;
      row(file, rows, i * rowBytes, bits, pixels.rgb(), 3 * y * file.width());
    }
    return pixels;
  }

  private static void row(BmpFile file, byte[] rows, int from, int bits, byte[] rgb, int to) {
    for (int x = 0; x < file.width(); x++, to += 3) {
      switch (bits) {
        case 24 -> {
          rgb[to] = rows[from + 3 * x + 2];
          rgb[to + 1] = rows[from + 3 * x + 1];
          rgb[to + 2] = rows[from + 3 * x];
        }
        case 16, 32 -> {
          int value = 0;
          for (int b = bits / 8 - 1; b >= 0; b--) {
            value = value << 8 | rows[from + x * bits / 8 + b] & 0xFF;
          }
          for (int c = 0; c < 3; c++) {
            rgb[to + c] = scaled(value, file.masks()[c]);
          }
        }
        default -> {
          int place = x * bits;
          int index = (rows[from + place / 8] & 0xFF) >> 8 - bits - place % 8 & (1 << bits) - 1;
          System.arraycopy(file.palette(), 3 * index, rgb, to, 3);
        }
      }
    }
  }

  /** The bits of a mask, stretched to 0..255. */
  private static byte scaled(int value, int mask) {
    if (mask == 0) {
      return 0;
    }
    int shift = Integer.numberOfTrailingZeros(mask);
    long most = Integer.toUnsignedLong(mask) >>> shift;
    return (byte) ((Integer.toUnsignedLong(value & mask) >>> shift) * 255 / most);
  }

  /** Indices of 8 bits, row by row without padding, from runs of pixels (RLE8, RLE4). */
  private static byte[] runs(byte[] data, BmpFile file) throws IOException {
    boolean half = file.compression() == BmpFile.RUNS_OF_4;
    int width = file.width();
    int size = Math.multiplyExact(width, file.height());
    ByteArrayOutputStream out = new ByteArrayOutputStream(size);
    int x = 0;
    for (int at = file.pixels(); out.size() < size; ) {
      int count = u8(data, at++);
      int value = u8(data, at++);
      if (count > 0) {
        // A run that leaves its row is cut.
        int shown = Math.max(0, Math.min(count, width - x));
        for (int i = 0; i < shown; i++) {
          out.write(half ? value >> (i % 2 == 0 ? 4 : 0) & 15 : value);
        }
        x += shown;
      } else if (value == 0) {
        skip(out, (width - out.size() % width) % width, size);
        x = 0;
      } else if (value == 1) {
        break;
      } else if (value == 2) {
        skip(out, u8(data, at) + (long) u8(data, at + 1) * width, size);
        at += 2;
        x = out.size() % width;
      } else {
        int bytes = half ? value / 2 : value;
        for (int i = 0; i < bytes; i++) {
          int pixels = u8(data, at++);
          if (half) {
            out.write(pixels >> 4);
          }
          out.write(half ? pixels & 15 : pixels);
        }
        x += value;
        at += at % 2;
      }
    }
    if (out.size() < size) {
      throw new EOFException("the runs end before the last pixel");
    }
    return out.toByteArray();
  }

  private static void skip(ByteArrayOutputStream out, long pixels, int size) {
    for (long i = Math.min(pixels, size - out.size()); i > 0; i--) {
      out.write(0);
    }
  }

  private static int u8(byte[] data, int at) throws EOFException {
    if (at >= data.length) {
      throw new EOFException("the file ends before the last pixel");
    }
    return data[at] & 0xFF;
  }
}
