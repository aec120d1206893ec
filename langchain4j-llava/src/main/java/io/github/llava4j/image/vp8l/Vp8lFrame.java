package io.github.llava4j.image.vp8l;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A lossless frame of WebP: RFC 9649, section 3. Its size is known before anything is decoded. */
public final class Vp8lFrame {

  private static final int SIGNATURE = 0x2F;
  private static final int SIZE_BITS = 14;
  private static final int CODES = 5;
  private static final int LITERALS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int CACHE_FACTOR = 0x1E35A7BD;
  private static final int MOST_CACHE_BITS = 11;
  // The nearest pixels above and to the left, x << 4 | y with x from -7 to 8, by their distance codes.
  private static final int[] NEAR = near();

  private final BitReader in;
  private final int width;
  private final int height;

  private Vp8lFrame(BitReader in, int width, int height) {
    this.in = in;
    this.width = width;
    this.height = height;
  }

  /**
   * Reads the header.
   *
   * @param data holds the frame from {@code start} to before {@code end}; it is not copied
   */
  public static Vp8lFrame read(byte[] data, int start, int end) throws IOException {
    BitReader in = new BitReader(data, start, end);
    if (in.read(8) != SIGNATURE) {
      throw new IOException("expected the signature of a VP8L frame");
    }
    int width = in.read(SIZE_BITS) + 1;
    int height = in.read(SIZE_BITS) + 1;
    // Whether alpha is used, which is not of interest.
    in.read(1);
    if (in.read(3) != 0) {
      throw new IOException("expected version 0 of a VP8L frame");
    }
    return new Vp8lFrame(in, width, height);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Decodes the frame, once: 3 * width * height bytes, row by row. Alpha is dropped. */
  public byte[] toRgb() throws IOException {
    List<Transform> transforms = new ArrayList<>();
    int coded = readTransforms(transforms);
    int[] pixels = image(coded, height, true);
    for (Transform transform : transforms.reversed()) {
      pixels = transform.undo(pixels);
    }
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    return rgb;
  }

  /** Reads the transforms in the order of the encoder, and gives the width of the coded image. */
  private int readTransforms(List<Transform> transforms) throws IOException {
    int coded = width;
    for (int seen = 0; in.read(1) == 1; ) {
      int kind = in.read(2);
      if ((seen & 1 << kind) != 0) {
        throw new IOException("the picture has a transform twice");
      }
      seen |= 1 << kind;
      switch (kind) {
        case 0, 1 -> {
          int bits = in.read(3) + 2;
          int[] blocks = image(Transform.ceilShift(coded, bits), Transform.ceilShift(height, bits), false);
          transforms.add(
              kind == 0 ? new Transform.Predictor(coded, bits, blocks) : new Transform.Color(coded, bits, blocks));
        }
        case 2 -> transforms.add(new Transform.SubtractGreen());
        default -> {
          int[] colors = image(in.read(8) + 1, 1, false);
          for (int i = 1; i < colors.length; i++) {
            colors[i] = Transform.add(colors[i], colors[i - 1]);
          }
          int bits = colors.length <= 2 ? 3 : colors.length <= 4 ? 2 : colors.length <= 16 ? 1 : 0;
          transforms.add(new Transform.Palette(coded, height, bits, colors));
          coded = Transform.ceilShift(coded, bits);
        }
      }
    }
    return coded;
  }

  /** Reads pixels with the codes before them; blocks of the picture itself can have codes of their own. */
  private int[] image(int columns, int rows, boolean grouped) throws IOException {
    int cacheBits = in.read(1) == 1 ? in.read(4) : 0;
    if (cacheBits > MOST_CACHE_BITS) {
      throw new IOException("the picture has a colour cache of %d bits".formatted(cacheBits));
    }
    int groupBits = 31;
    int[] groups = {0};
    if (grouped && in.read(1) == 1) {
      groupBits = in.read(3) + 2;
      groups = image(Transform.ceilShift(columns, groupBits), Transform.ceilShift(rows, groupBits), false);
      for (int i = 0; i < groups.length; i++) {
        groups[i] = groups[i] >> 8 & 0xFFFF;
      }
    }
    PrefixCode[][] codes = new PrefixCode[IntStream.of(groups).max().orElseThrow() + 1][CODES];
    for (PrefixCode[] group : codes) {
      for (int i = 0; i < CODES; i++) {
        group[i] = PrefixCode.read(in, switch (i) {
          case 0 -> LITERALS + LENGTHS + (cacheBits == 0 ? 0 : 1 << cacheBits);
          case CODES - 1 -> DISTANCES;
          default -> LITERALS;
        });
      }
    }
    return pixels(columns, rows, cacheBits, groupBits, groups, codes);
  }

  private int[] pixels(int columns, int rows, int cacheBits, int groupBits, int[] groups, PrefixCode[][] codes)
      throws IOException {
    int[] pixels = new int[Math.multiplyExact(columns, rows)];
    int[] cache = new int[1 << cacheBits];
    int groupColumns = groupBits == 31 ? 1 : Transform.ceilShift(columns, groupBits);
    int cached = 0;
    for (int at = 0; at < pixels.length; ) {
      int x = at % columns;
      int y = at / columns;
      PrefixCode[] group = codes[groups[(y >> groupBits) * groupColumns + (x >> groupBits)]];
      int symbol = group[0].next(in);
      if (symbol < LITERALS) {
        int red = group[1].next(in);
        int blue = group[2].next(in);
        int alpha = group[3].next(in);
        pixels[at++] = alpha << 24 | red << 16 | symbol << 8 | blue;
      } else if (symbol < LITERALS + LENGTHS) {
        int length = value(symbol - LITERALS);
        int distance = distance(value(group[4].next(in)), columns);
        if (distance > at || length > pixels.length - at) {
          throw new EOFException("the picture repeats pixels that are not there");
        }
        for (int i = 0; i < length; i++, at++) {
          pixels[at] = pixels[at - distance];
        }
      } else {
        // The cache is filled only when it is asked.
        for (; cached < at; cached++) {
          cache[CACHE_FACTOR * pixels[cached] >>> 32 - cacheBits] = pixels[cached];
        }
        pixels[at++] = cache[symbol - LITERALS - LENGTHS];
      }
    }
    return pixels;
  }

  /** A length or distance from 1 on: a symbol and the bits after it (section 3.6.2.2). */
  private int value(int symbol) throws EOFException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = symbol - 2 >> 1;
    return (2 + (symbol & 1) << extra) + in.read(extra) + 1;
  }

  private static int distance(int code, int columns) {
    if (code > NEAR.length) {
      return code - NEAR.length;
    }
    int place = NEAR[code - 1];
    return Math.max(1, (place & 15) * columns + (place >> 4));
  }

  private static int[] near() {
    return IntStream.range(0, 8).boxed()
        .flatMap(y -> IntStream.rangeClosed(-7, 8).filter(x -> y > 0 || x > 0).mapToObj(x -> new int[] {x, y}))
        .sorted(Comparator.<int[]>comparingInt(p -> p[0] * p[0] + p[1] * p[1])
            .thenComparingInt(p -> Math.abs(p[0])).thenComparingInt(p -> -p[0]))
        .mapToInt(p -> p[0] << 4 | p[1])
        .toArray();
  }
}
