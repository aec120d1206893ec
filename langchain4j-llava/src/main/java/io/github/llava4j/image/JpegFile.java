package io.github.llava4j.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

import org.jspecify.annotations.Nullable;

/**
 * A JPEG up to its first scan, read as libjpeg-turbo and Pillow read it: bytes between segments are skipped, lengths
 * that are too small are taken for the least.
 *
 * @param frame the marker of the frame header, which says how pixels are coded
 * @param precision bits of a sample
 * @param components in order
 * @param jfif whether there is a JFIF segment
 * @param adobeTransform the colour transform of an Adobe segment, or -1 without one
 * @param restartInterval MCUs between restart markers, 0 for none
 * @param tables the segments that hold tables and the frame header, in order and without anything between them
 * @param scan where the first scan's header begins in the file
 */
record JpegFile(int frame, int precision, int width, int height, Component[] components, boolean jfif,
    int adobeTransform, int restartInterval, byte[] tables, int scan, EmbeddedTags tags) {

  /** A component: its identifier, and how often it is sampled where the most often sampled one is so often. */
  record Component(int id, int horizontal, int vertical) {}

  static final int BASELINE = 0xC0;
  static final int EXTENDED = 0xC1;
  static final int PROGRESSIVE = 0xC2;

  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int ARITHMETIC_TABLES = 0xCC;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int QUANTIZATION_TABLES = 0xDB;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int BLOCK = 8;
  private static final int HUFFMAN_LENGTHS = 16;
  private static final int SMOOTHED = 10;
  private static final int JFIF_BYTES = 14;
  private static final int ADOBE_BYTES = 12;
  private static final String EXIF_MARK = "Exif\0\0";
  private static final String XMP_MARK = "http://ns.adobe.com/xap/1.0/\0";

  static JpegFile parse(byte[] data) throws IOException {
    return new Parser(data).parse();
  }

  /** Whether three components are red, green, blue and not luma and chroma: libjpeg's rule (jdapimin.c). */
  boolean storesRgb() {
    if (jfif) {
      return false;
    }
    return adobeTransform >= 0 ? adobeTransform == 0
        : components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B';
  }

  /** Whether four components are luma, chroma and black and not the four inks: libjpeg's rule (jdapimin.c). */
  boolean storesYcck() {
    return adobeTransform > 0;
  }

  /** Whether a component is sampled in every column, but in every other row only. */
  boolean everyOtherRow(Component component) {
    return component.horizontal == mostOf(Component::horizontal)
        && 2 * component.vertical == mostOf(Component::vertical);
  }

  /** How many restart markers there must be in a scan of all components. */
  private long restartsExpected() {
    boolean alone = components.length == 1;
    long columns = Math.ceilDiv(width, BLOCK * (alone ? 1 : mostOf(Component::horizontal)));
    long rows = Math.ceilDiv(height, BLOCK * (alone ? 1 : mostOf(Component::vertical)));
    return restartInterval == 0 ? 0 : (columns * rows - 1) / restartInterval;
  }

  private int mostOf(ToIntFunction<Component> factor) {
    return Arrays.stream(components).mapToInt(factor).max().orElseThrow();
  }

  /**
   * Whether a file without an end can have all pixels: one scan, which is not cut off before its last restart marker.
   */
  boolean mayBeWhole(byte[] data) {
    return frame != PROGRESSIVE && data.length > scan + 4 && data[scan + 4] == components.length
        && restarts(data) >= restartsExpected();
  }

  /** Whether the end marker stands somewhere behind the first scan's header. */
  boolean hasEnd(byte[] data) {
    for (int at = data.length - 2; at > scan; at--) {
      if (data[at] == (byte) 0xFF && data[at + 1] == (byte) END_OF_IMAGE) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a progressive file has scans for all bits of the first ten coefficients of every component. Where some are
   * missing, decoders guess them (block smoothing), each in its own way.
   */
  boolean refined(byte[] data) {
    int[][] missing = new int[256][SMOOTHED];
    for (Component component : components) {
      Arrays.fill(missing[component.id], -1);
    }
    int at = scan;
    while (at + 1 < data.length && !(data[at] == (byte) 0xFF && data[at + 1] == (byte) END_OF_IMAGE)) {
      int count = data[at] == (byte) 0xFF && data[at + 1] == (byte) START_OF_SCAN && at + 4 < data.length ? data[at + 4] : 0;
      int band = at + 5 + 2 * count;
      if (count > 0 && band + 2 < data.length) {
        for (int i = 0; i < count; i++) {
          for (int c = data[band]; c <= Math.min(data[band + 1], SMOOTHED - 1); c++) {
            missing[data[at + 5 + 2 * i] & 0xFF][c] = data[band + 2] & 15;
          }
        }
      }
      at++;
    }
    return Arrays.stream(missing).flatMapToInt(Arrays::stream).allMatch(bits -> bits == 0);
  }

  private int restarts(byte[] data) {
    int count = 0;
    for (int at = scan + 2; at + 1 < data.length; at++) {
      int marker = data[at + 1] & 0xFF;
      count += data[at] == (byte) 0xFF && marker >= FIRST_RESTART && marker <= LAST_RESTART ? 1 : 0;
    }
    return count;
  }

  /**
   * A file with the same pixels and no application data, whose end is marked. The standard's Huffman tables come first,
   * for the frames of cameras that leave them out; tables of the file's own replace them.
   */
  byte[] onlyPixels(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length - scan + tables.length + 1024);
    out.write(0xFF);
    out.write(START_OF_IMAGE);
    writeHuffman(out, 0x00, JPEGHuffmanTable.StdDCLuminance);
    writeHuffman(out, 0x01, JPEGHuffmanTable.StdDCChrominance);
    writeHuffman(out, 0x10, JPEGHuffmanTable.StdACLuminance);
    writeHuffman(out, 0x11, JPEGHuffmanTable.StdACChrominance);
    out.writeBytes(tables);
    out.write(data, scan, data.length - scan);
    out.write(0xFF);
    out.write(END_OF_IMAGE);
    return out.toByteArray();
  }

  /** A segment with one table (T.81, B.2.4.2). */
  private static void writeHuffman(ByteArrayOutputStream out, int place, JPEGHuffmanTable table) {
    short[] values = table.getValues();
    out.write(0xFF);
    out.write(HUFFMAN_TABLES);
    out.write(0);
    out.write(2 + 1 + HUFFMAN_LENGTHS + values.length);
    out.write(place);
    for (short count : Arrays.copyOf(table.getLengths(), HUFFMAN_LENGTHS)) {
      out.write(count);
    }
    for (short value : values) {
      out.write(value);
    }
  }

  /** The state of one walk over a file. */
  private static final class Parser {

    private final byte[] data;
    private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
    private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
    private byte @Nullable [] xmp;
    private boolean jfif;
    private int adobeTransform = -1;
    private int restartInterval;
    private int frame;
    private int precision;
    private int width;
    private int height;
    private Component @Nullable [] components;

    Parser(byte[] data) {
      this.data = data;
    }

    JpegFile parse() throws IOException {
      int at = 2;
      int marker = u8(at + 1);
      while (true) {
        while (at + 1 < data.length && (data[at] != (byte) 0xFF || data[at + 1] == 0 || data[at + 1] == (byte) 0xFF)) {
          at++;
        }
        marker = u8(at + 1);
        if (marker == START_OF_SCAN) {
          break;
        }
        at += 2;
        if (marker == END_OF_IMAGE) {
          throw new EOFException("the file ends before the first scan");
        }
        if (marker < FIRST_RESTART || marker > START_OF_IMAGE) {
          int end = Math.max(at + u16(at), at + 2);
          if (end > data.length) {
            throw new EOFException("segment %02x is cut off".formatted(marker));
          }
          segment(marker, at + 2, end);
          at = end;
        }
      }
      if (components == null) {
        throw new IOException("there is no frame header before the first scan");
      }
      return new JpegFile(frame, precision, width, height, components, jfif, adobeTransform, restartInterval,
          tables.toByteArray(), at, new EmbeddedTags(exif.size() == 0 ? null : exif.toByteArray(), xmp));
    }

    private void segment(int marker, int start, int end) throws IOException {
      switch (marker) {
        case HUFFMAN_TABLES, ARITHMETIC_TABLES, QUANTIZATION_TABLES -> keep(marker, start, end);
        case RESTART_INTERVAL -> {
          restartInterval = u16(start);
          keep(marker, start, end);
        }
        case 0xE0 -> jfif |= starts(start, end, "JFIF\0") && end - start >= JFIF_BYTES;
        case 0xE1 -> {
          // A block that is larger than a segment goes on in the next one.
          if (starts(start, end, EXIF_MARK)) {
            exif.write(data, start + EXIF_MARK.length(), end - start - EXIF_MARK.length());
          } else if (starts(start, end, XMP_MARK)) {
            xmp = Arrays.copyOfRange(data, start + XMP_MARK.length(), end);
          }
        }
        case 0xEE -> adobeTransform =
            starts(start, end, "Adobe") && end - start >= ADOBE_BYTES ? u8(start + 11) : adobeTransform;
        default -> {
          if (marker >= BASELINE && marker <= 0xCF && marker != 0xC8) {
            frame(marker, start, end);
          }
        }
      }
    }

    private void frame(int marker, int start, int end) throws IOException {
      frame = marker;
      precision = u8(start);
      height = u16(start + 1);
      width = u16(start + 3);
      components = new Component[u8(start + 5)];
      for (int i = 0; i < components.length; i++) {
        int factors = u8(start + 7 + 3 * i);
        components[i] = new Component(u8(start + 6 + 3 * i), factors >> 4, factors & 15);
      }
      keep(marker, start, end);
    }

    private void keep(int marker, int start, int end) {
      tables.write(0xFF);
      tables.write(marker);
      tables.write(end - start + 2 >> 8);
      tables.write(end - start + 2);
      tables.write(data, start, end - start);
    }

    private boolean starts(int from, int end, String mark) {
      return end - from >= mark.length()
          && mark.equals(new String(data, from, mark.length(), StandardCharsets.ISO_8859_1));
    }

    private int u8(int at) throws EOFException {
      if (at >= data.length) {
        throw new EOFException("the file ends in the header");
      }
      return data[at] & 0xFF;
    }

    private int u16(int at) throws EOFException {
      return u8(at) << 8 | u8(at + 1);
    }
  }
}
