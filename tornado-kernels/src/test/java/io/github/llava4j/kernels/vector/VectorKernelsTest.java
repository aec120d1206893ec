package io.github.llava4j.kernels.vector;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.cpu.CpuKernels;
import io.github.llava4j.kernels.cpu.KvStore;
import io.github.llava4j.kernels.cpu.KvStores;
import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class VectorKernelsTest {

  private static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 257};

  private final Workers workers = new Workers(3);
  private final CpuKernels kernels = new VectorKernels(workers);
  private final Random random = new Random(1);
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    workers.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void plainProducts(DType type) {
    for (Tensor.Layout layout : Tensor.Layout.values()) {
      for (int rows : new int[] {1, 2, 3, 5, 8, 11, 12, 13, 17, 33}) {
        for (int outputs : SIZES) {
          checkProduct(type, layout, rows, outputs, SIZES[random.nextInt(SIZES.length)]);
        }
      }
      checkProduct(type, layout, 577, 65, 100);
      checkProduct(type, layout, 1600, 33, 17);
      checkProduct(type, layout, 1, 1100, 1025);
      checkProduct(type, layout, 3, 1100, 1025);
      checkProduct(type, layout, 19, 300, 513);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K", "Q5_0"})
  void quantisedProducts(DType type) {
    for (int rows : new int[] {1, 2, 5, 12, 17, 100}) {
      for (int outputs : SIZES) {
        checkProduct(type, Tensor.Layout.ROW_MAJOR, rows, outputs, type.blockLength() * (1 + random.nextInt(3)));
      }
      checkProduct(type, Tensor.Layout.ROW_MAJOR, rows, 37, type.blockLength() * 11);
      checkProduct(type, Tensor.Layout.ROW_MAJOR, rows, 5, 1024 + 2 * type.blockLength());
    }
  }

  private void checkProduct(DType type, Tensor.Layout layout, int rows, int outputs, int inputs) {
    Reference.Weight weight;
    float[] in = Reference.random(rows * inputs, random);
    float[] bias = random.nextBoolean() ? Reference.random(outputs, random) : null;
    boolean accumulate = random.nextBoolean();
    float[] old = Reference.random(rows * outputs, random);
    float[] out = old.clone();
    try (Arena own = Arena.ofShared()) {
      weight = Reference.weight(type, outputs, inputs, layout, random, own);
      kernels.prepare(weight.tensor()).multiply(in, rows, bias, accumulate, out);
    }
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outputs; o++) {
        double sum = 0;
        double magnitude = 1;
        for (int i = 0; i < inputs; i++) {
          double product = (double) in[r * inputs + i] * weight.values()[o * inputs + i];
          sum += product;
          magnitude += product * product;
        }
        sum += bias == null ? 0 : bias[o];
        sum += accumulate ? old[r * outputs + o] : 0;
        double tolerance = 4e-6 * Math.sqrt(magnitude);
        if (type == DType.Q4_K) {
          tolerance *= 4; // scales and minima cancel
        }
        if (!(Math.abs(out[r * outputs + o] - sum) <= tolerance)) {
          assertThat((double) out[r * outputs + o])
              .as("%s %s [%d, %d] of %d rows: row %d output %d", type, layout, outputs, inputs, rows, r, o)
              .isCloseTo(sum, within(tolerance));
        }
      }
    }
  }

  @Test
  void everyHalfPrecisionNumberIsReadExactly() {
    int count = 1 << 16;
    float[] out = new float[count];
    var data = arena.allocate(2L * count);
    for (int i = 0; i < count; i++) {
      data.setAtIndex(Lanes.SHORT, i, (short) i);
    }
    RowKernel.of(DType.F16).read(data, 0, out, 0, count);
    for (int i = 0; i < count; i++) {
      float expected = Float.float16ToFloat((short) i);
      boolean same = Float.isNaN(expected)
          ? Float.isNaN(out[i])
          : Float.floatToRawIntBits(out[i]) == Float.floatToRawIntBits(expected);
      if (!same) {
        assertThat(out[i]).as("half 0x%04x", i).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K", "Q5_0"})
  void quantisedRowsAreReadToTheLastBit(DType type) {
    int count = 4 * type.blockLength();
    Reference.Weight weight = Reference.weight(type, 1, count, Tensor.Layout.ROW_MAJOR, random, arena);
    float[] out = new float[count + 3];
    RowKernel.of(type).read(weight.tensor().data(), 0, out, 3, count);
    for (int i = 0; i < count; i++) {
      assertThat(out[i + 3]).as("%s value %d", type, i).isCloseTo(weight.values()[i], within(2e-6f));
    }
  }

  @Test
  void norms() {
    for (int width : SIZES) {
      for (int rows : new int[] {1, 3, 17}) {
        float[] in = Reference.random(rows * width, random);
        for (int i = 0; i < in.length; i++) {
          in[i] = in[i] * 3 + 5;
        }
        float[] scale = Reference.random(width, random);
        float[] shift = Reference.random(width, random);
        float[] rms = new float[in.length];
        float[] layer = in.clone();
        kernels.rmsNorm(in, rows, scale, 1e-5f, rms);
        kernels.layerNorm(layer, rows, scale, shift, 1e-5f, layer);
        for (int r = 0; r < rows; r++) {
          double sum = 0;
          double squares = 0;
          for (int i = 0; i < width; i++) {
            sum += in[r * width + i];
            squares += (double) in[r * width + i] * in[r * width + i];
          }
          double mean = sum / width;
          double variance = 0;
          for (int i = 0; i < width; i++) {
            variance += (in[r * width + i] - mean) * (in[r * width + i] - mean) / width;
          }
          for (int i = 0; i < width; i++) {
            double x = in[r * width + i];
            assertThat((double) rms[r * width + i])
                .isCloseTo(x / Math.sqrt(squares / width + 1e-5f) * scale[i], within(2e-6));
            assertThat((double) layer[r * width + i])
                .isCloseTo((x - mean) / Math.sqrt(variance + 1e-5f) * scale[i] + shift[i], within(1e-5));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void rope(Op.RopeLayout layout) {
    for (int headDim : new int[] {2, 6, 16, 34, 64, 80, 128}) {
      int rows = 5;
      int heads = 3;
      int half = headDim / 2;
      float[] x = Reference.random(rows * heads * headDim, random);
      float[] cos = Reference.random(rows * half, random);
      float[] sin = Reference.random(rows * half, random);
      float[] out = x.clone();
      kernels.rope(out, rows, heads, headDim, cos, sin, layout);
      for (int h = 0; h < rows * heads; h++) {
        for (int i = 0; i < half; i++) {
          int first = h * headDim + (layout == Op.RopeLayout.HALF_SPLIT ? i : 2 * i);
          int second = layout == Op.RopeLayout.HALF_SPLIT ? first + half : first + 1;
          double c = cos[h / heads * half + i];
          double s = sin[h / heads * half + i];
          assertThat((double) out[first]).isCloseTo(x[first] * c - x[second] * s, within(2e-6));
          assertThat((double) out[second]).isCloseTo(x[second] * c + x[first] * s, within(2e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void activations(Op.Activation function) {
    for (int count : new int[] {1, 2, 15, 16, 17, 100, 4096, 4097, 20_000}) {
      float[] x = Reference.random(count, random);
      for (int i = 0; i < count; i++) {
        x[i] *= 4;
      }
      float[] up = Reference.random(count, random);
      float[] activated = x.clone();
      float[] gated = x.clone();
      kernels.activate(function, activated, count);
      kernels.gate(function, gated, up, count);
      for (int i = 0; i < count; i++) {
        double expected = Reference.activation(function, x[i]);
        double tolerance = 3e-7 * Math.max(1, Math.abs(x[i]));
        if (!(Math.abs(activated[i] - expected) <= tolerance)) {
          assertThat((double) activated[i]).as("%s(%s)", function, x[i]).isCloseTo(expected, within(tolerance));
        }
        tolerance *= Math.max(1, Math.abs(up[i]));
        assertThat((double) gated[i]).isCloseTo(expected * up[i], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void activationsOfExtremes(Op.Activation function) {
    float[] x = {Float.NaN, Float.POSITIVE_INFINITY, 1e30f, 200, -200, -1e30f, 0, -0f, Float.MIN_VALUE};
    float[] out = x.clone();
    kernels.activate(function, out, out.length);
    assertThat(out[0]).isNaN();
    assertThat(out[1]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(out[2]).isEqualTo(1e30f);
    assertThat(out[3]).isEqualTo(200);
    assertThat(Math.abs(out[4])).isLessThan(1e-30f);
    assertThat(Math.abs(out[5])).isLessThan(1e-30f);
    assertThat(out[6]).isZero();
    assertThat(Math.abs(out[7])).isZero();
    assertThat(Math.abs(out[8])).isLessThan(1e-37f);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0, 1",
    "1, 4, 4, 0, 64",
    "1, 4, 2, 0, 33",
    "2, 4, 1, 0, 16",
    "7, 4, 4, 0, 80",
    "7, 4, 1, 3, 20",
    "8, 2, 2, 0, 128",
    "31, 2, 2, 0, 7",
    "33, 6, 2, 40, 64",
    "100, 3, 1, 0, 17",
    "300, 4, 2, 0, 32",
    "300, 2, 1, 130, 128",
    "20, 2, 1, 0, 300"
  })
  void cachedAttention(int rows, int heads, int kvHeads, int window, int headDim) {
    for (int past : new int[] {0, 1, 127, 130, 600}) {
      // Slot 2 has all rows but one, slot 0 one row in between.
      int[] slots = new int[rows + 1];
      int[] positions = new int[rows + 1];
      for (int r = 0; r < rows; r++) {
        slots[r] = 2;
        positions[r] = past + r;
      }
      slots[rows] = 0;
      positions[rows] = past / 2;
      int width = kvHeads * headDim;
      int context = past + rows;
      float[] keys = Reference.random(3 * context * width, random);
      float[] values = Reference.random(3 * context * width, random);
      float[] query = Reference.random((rows + 1) * heads * headDim, random);
      float[] out = new float[query.length];
      try (KvStore cache = KvStores.create(new KvCache("kv", 2, kvHeads, headDim), 3, context, KvType.F32)) {
        for (int slot = 0; slot < 3; slot += 2) {
          for (int p = 0; p < context; p++) {
            KvStores.store(cache, 1, slot, p, keys, values, (slot * context + p) * width);
          }
        }
        kernels.cachedAttention(query, rows + 1, slots, positions, cache, 1, heads, window, out);
      }
      for (int r = 0; r <= rows; r++) {
        int slot = slots[r];
        int end = positions[r] + 1;
        for (int h = 0; h < heads; h++) {
          int column = h / (heads / kvHeads) * headDim;
          int at = (r * heads + h) * headDim;
          Reference.Rows places = p -> (slot * context + p) * width + column;
          double[] expected = Reference.attention(
              query, at, headDim, keys, places, values, places, window == 0 ? 0 : Math.max(0, end - window), end);
          assertClose(out, at, expected, "past " + past + " row " + r + " head " + h);
        }
      }
    }
  }

  @Test
  void decodingAFewHeadsOverALongContextIsSplitIntoRanges() {
    int context = 5000;
    int headDim = 24;
    float[] keys = Reference.random(context * headDim, random);
    float[] values = Reference.random(context * headDim, random);
    float[] query = Reference.random(2 * headDim, random);
    float[] out = new float[query.length];
    try (KvStore cache = KvStores.create(new KvCache("kv", 1, 1, headDim), 1, context, KvType.F32)) {
      for (int p = 0; p < context; p++) {
        KvStores.store(cache, 0, 0, p, keys, values, p * headDim);
      }
      kernels.cachedAttention(query, 1, new int[] {0}, new int[] {context - 1}, cache, 0, 2, 0, out);
    }
    for (int h = 0; h < 2; h++) {
      Reference.Rows places = p -> p * headDim;
      double[] expected =
          Reference.attention(query, h * headDim, headDim, keys, places, values, places, 0, context);
      assertClose(out, h * headDim, expected, "head " + h);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 16, 33, 64, 100, 257, 300})
  void selfAttention(int headDim) {
    int heads = headDim > 200 ? 1 : 3;
    int width = heads * headDim;
    List<Integer> slots = new ArrayList<>();
    int[] lengths = {1, 17, 64, 3, 577};
    for (int slot = 0; slot < lengths.length; slot++) {
      for (int i = 0; i < lengths[slot]; i++) {
        slots.add(slot);
      }
    }
    int rows = slots.size();
    float[] query = Reference.random(rows * width, random);
    float[] key = Reference.random(rows * width, random);
    float[] value = Reference.random(rows * width, random);
    float[] out = new float[rows * width];
    int[] slotOfRow = slots.stream().mapToInt(Integer::intValue).toArray();
    kernels.selfAttention(query, key, value, rows, slotOfRow, heads, width, out);
    int first = 0;
    for (int length : lengths) {
      for (int r = 0; r < length; r++) {
        int start = first;
        for (int h = 0; h < heads; h++) {
          int column = h * headDim;
          Reference.Rows places = p -> (start + p) * width + column;
          int at = (first + r) * width + column;
          assertClose(
              out, at, Reference.attention(query, at, headDim, key, places, value, places, 0, length),
              "slot of " + length + " row " + r + " head " + h);
        }
      }
      first += length;
    }
  }

  @Test
  void attentionSurvivesScoresBeyondTheRangeOfExp() {
    int rows = 40;
    int headDim = 16;
    float[] query = Reference.random(rows * headDim, random);
    float[] key = Reference.random(rows * headDim, random);
    float[] value = Reference.random(rows * headDim, random);
    for (int i = 0; i < query.length; i++) {
      query[i] *= 300;
    }
    float[] out = new float[query.length];
    kernels.selfAttention(query, key, value, rows, new int[rows], 1, headDim, out);
    for (int r = 0; r < rows; r++) {
      Reference.Rows places = p -> p * headDim;
      double[] expected =
          Reference.attention(query, r * headDim, headDim, key, places, value, places, 0, rows);
      for (int d = 0; d < headDim; d++) {
        assertThat((double) out[r * headDim + d]).isCloseTo(expected[d], within(1e-3));
      }
    }
  }

  private static void assertClose(float[] out, int at, double[] expected, String what) {
    for (int d = 0; d < expected.length; d++) {
      if (!(Math.abs(out[at + d] - expected[d]) <= 5e-6)) {
        assertThat((double) out[at + d]).as("%s value %d", what, d).isCloseTo(expected[d], within(5e-6));
      }
    }
  }
}
