package io.github.llava4j.image;

import java.util.Arrays;

/**
 * Pillow's antialiased bicubic resampling of 8-bit RGB, bit for bit (libImaging/Resample.c of Pillow 9 to 12).
 *
 * <p>Two passes, the horizontal one first, with 22-bit fixed-point weights and an 8-bit picture between them. Two
 * things go beyond Pillow without changing a value: only a window of the result need be computed, and the picture may
 * lie in a frame of one colour that is never built, so that neither costs memory for thin, long pictures.
 */
final class PillowResizer {

  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final int HALF = 1 << PRECISION_BITS - 1;
  private static final double SUPPORT = 2.0;

  /**
   * A larger picture of one colour in which the source lies.
   *
   * @param color red, green, blue, 0 to 255 each
   */
  record Frame(int left, int top, int width, int height, int[] color) {
    /** No frame: the source alone. */
    static Frame none(Pixels source) {
      return new Frame(0, 0, source.width(), source.height(), new int[3]);
    }
  }

  /** The part of a result to compute. */
  record Window(long left, long top, int width, int height) {}

  /**
   * The weights along one axis: output i is the sum over its taps, plus the frame's colour times {@code outside[i]}.
   *
   * @param first index of the first source value of each output
   * @param taps fixed-point weights of the source values from there on
   * @param outside sum of the weights that fall on the frame
   */
  private record Axis(int[] first, int[][] taps, int[] outside) {
    int firstSource() {
      return Arrays.stream(first).min().orElse(0);
    }

    int endSource() {
      int end = firstSource();
      for (int i = 0; i < first.length; i++) {
        end = Math.max(end, first[i] + taps[i].length);
      }
      return end;
    }
  }

  private PillowResizer() {}

  /** The whole picture at another size. */
  static Pixels resize(Pixels source, int width, int height) {
    if (width == source.width() && height == source.height()) {
      return source;
    }
    return resize(source, Frame.none(source), width, height, new Window(0, 0, width, height));
  }

  /**
   * A window of the framed picture resized to {@code width} by {@code height}.
   *
   * @param width width of the whole result, of which the window is a part
   * @param height likewise
   */
  static Pixels resize(Pixels source, Frame frame, long width, long height, Window window) {
    Axis columns = axis(source.width(), frame.left(), frame.width(), width, window.left(), window.width());
    Axis rows = axis(source.height(), frame.top(), frame.height(), height, window.top(), window.height());
    int firstRow = rows.firstSource();
    byte[] between = horizontal(source, firstRow, rows.endSource(), columns, frame.color());
    return new Pixels(window.width(), window.height(),
        vertical(between, firstRow, rows, 3 * window.width(), frame.color()));
  }

  /**
   * @param size source values that exist
   * @param offset where they begin in the frame
   * @param framed size of the frame
   * @param outSize size of the whole result
   * @param from first output to compute
   * @param count how many
   */
  private static Axis axis(int size, int offset, int framed, long outSize, long from, int count) {
    double scale = (double) framed / outSize;
    double filterScale = Math.max(scale, 1.0);
    double support = SUPPORT * filterScale;
    double step = 1.0 / filterScale;
    int[] first = new int[count];
    int[][] taps = new int[count][];
    int[] outside = new int[count];
    for (int i = 0; i < count; i++) {
      double center = (from + i + 0.5) * scale;
      int min = Math.max((int) (center - support + 0.5), 0);
      int max = Math.min((int) (center + support + 0.5), framed);
      int[] weights = weights(min, max, center, step);
      int begin = Math.clamp(offset, min, max);
      int end = Math.clamp((long) offset + size, min, max);
      first[i] = begin < end ? begin - offset : 0;
      taps[i] = Arrays.copyOfRange(weights, begin - min, end - min);
      outside[i] = Arrays.stream(weights).sum() - Arrays.stream(taps[i]).sum();
    }
    return new Axis(first, taps, outside);
  }

  private static int[] weights(int min, int max, double center, double step) {
    double[] exact = new double[max - min];
    double sum = 0;
    for (int x = 0; x < exact.length; x++) {
      exact[x] = bicubic((x + min - center + 0.5) * step);
      sum += exact[x];
    }
    int[] fixed = new int[exact.length];
    for (int x = 0; x < fixed.length; x++) {
      double weight = (sum == 0 ? exact[x] : exact[x] / sum) * (1 << PRECISION_BITS);
      fixed[x] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return fixed;
  }

  private static double bicubic(double at) {
    double a = -0.5;
    double x = Math.abs(at);
    if (x < 1.0) {
      return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    }
    return x < 2.0 ? (((x - 5) * x + 8) * x - 4) * a : 0.0;
  }

  /** Only the rows that the vertical pass needs. */
  private static byte[] horizontal(Pixels source, int firstRow, int endRow, Axis columns, int[] color) {
    int width = columns.first().length;
    byte[] out = new byte[3 * width * (endRow - firstRow)];
    byte[] rgb = source.rgb();
    int to = 0;
    for (int y = firstRow; y < endRow; y++) {
      int row = 3 * source.width() * y;
      for (int x = 0; x < width; x++, to += 3) {
        int frame = columns.outside()[x];
        int red = HALF + frame * color[0];
        int green = HALF + frame * color[1];
        int blue = HALF + frame * color[2];
        int from = row + 3 * columns.first()[x];
        for (int weight : columns.taps()[x]) {
          red += weight * (rgb[from] & 0xFF);
          green += weight * (rgb[from + 1] & 0xFF);
          blue += weight * (rgb[from + 2] & 0xFF);
          from += 3;
        }
        out[to] = clip(red);
        out[to + 1] = clip(green);
        out[to + 2] = clip(blue);
      }
    }
    return out;
  }

  /**
   * Frame rows need no horizontal pass: weights that sum to one leave a single colour as it is.
   *
   * @param stride bytes of a row
   */
  private static byte[] vertical(byte[] between, int firstRow, Axis rows, int stride, int[] color) {
    byte[] out = new byte[stride * rows.first().length];
    int[] sums = new int[stride];
    for (int y = 0; y < rows.first().length; y++) {
      for (int i = 0; i < stride; i++) {
        sums[i] = HALF + rows.outside()[y] * color[i % 3];
      }
      int from = stride * (rows.first()[y] - firstRow);
      for (int weight : rows.taps()[y]) {
        accumulate(sums, between, from, weight);
        from += stride;
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = clip(sums[i]);
      }
    }
    return out;
  }

  /** Apart, so that the JIT compiler sees a plain loop to vectorise. */
  private static void accumulate(int[] sums, byte[] row, int from, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * (row[from + i] & 0xFF);
    }
  }

  private static byte clip(int sum) {
    return (byte) Math.clamp(sum >> PRECISION_BITS, 0, 255);
  }
}
