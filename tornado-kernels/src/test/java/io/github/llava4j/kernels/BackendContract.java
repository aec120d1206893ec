package io.github.llava4j.kernels;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.scalar.ScalarBackend;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/**
 * What every backend must do: the same numbers as the scalar oracle, op by op over odd sizes, and the same refusals.
 * Extend it and give the backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {

  /** Sizes around vector widths and tiles. */
  protected static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 65, 100};

  private static final double TOLERANCE = 2e-5;

  private static final Limits ATTENTION = new Limits(300, 3, 400);

  private final Backend oracle = new ScalarBackend(1);
  private Backend backend;
  private Compiled open;

  protected abstract Backend backend();

  /** Weight types that the backend can run. */
  protected EnumSet<DType> types() {
    return EnumSet.allOf(DType.class);
  }

  /** Types of caches that the backend offers. */
  protected EnumSet<KvType> kvTypes() {
    return EnumSet.allOf(KvType.class);
  }

  @BeforeAll
  void openBackend() {
    backend = backend();
  }

  @AfterAll
  void closeBackends() {
    backend.close();
    oracle.close();
  }

  @AfterEach
  void closeCompiled() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /** Sizes to try; fewer where each costs a compilation. */
  protected int[] sizes() {
    return SIZES;
  }

  @ParameterizedTest
  @EnumSource
  void matMulOfEveryType(DType type) {
    if (!types().contains(type)) {
      Program refused = matMul(TestTensors.random("layer.w", type, 1, 37, 3 * type.blockLength()), false);
      assertThatThrownBy(() -> backend.compile(refused, new Limits(1, 1, 1)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("layer.w").hasMessageContaining(type.name());
      return;
    }
    for (int rows : new int[] {1, 3, 19}) {
      int inputs = type.isBlocked() ? 3 * type.blockLength() : 77;
      check(matMul(TestTensors.random("w", type, 1, 37, inputs), false), rows, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void matMulOfEverySize(int size) {
    for (int other : sizes()) {
      check(matMul(TestTensors.random("w", DType.F32, size, size, other), true), Math.min(other, 33), 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16"})
  void matMulOfTransposedWeights(DType type) {
    for (int rows : new int[] {1, 5, 40}) {
      Tensor stored = TestTensors.random("w", type, 3, 35, 51);
      Tensor weight = new Tensor("w", type, new int[] {51, 35}, Tensor.Layout.TRANSPOSED, stored.data());
      check(matMul(weight, false), rows, 1);
    }
  }

  private static Program matMul(Tensor weight, boolean accumulate) {
    Buffer in = new Buffer("in", weight.columns(), Extent.ROWS);
    Buffer x = new Buffer("x", weight.rows(), Extent.ROWS);
    Weight bias = Weight.of(TestTensors.random("b", DType.F32, 2, weight.rows()));
    Weight w = Weight.of(weight);
    List<Op> ops = accumulate
        ? List.of(new Op.MatMul(in, w, bias, false, x), new Op.MatMul(in, w, null, true, x))
        : List.of(new Op.MatMul(in, w, bias, false, x));
    return new Program("matmul", List.of(in), List.of(x), ops);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void normsAndActivations(int width) {
    Buffer in = new Buffer("in", width, Extent.ROWS);
    Buffer other = new Buffer("other", width, Extent.ROWS);
    Buffer layer = new Buffer("layer", width, Extent.ROWS);
    Buffer rms = new Buffer("rms", width, Extent.ROWS);
    Buffer gelu = new Buffer("gelu", width, Extent.ROWS);
    Weight scale = Weight.of(TestTensors.random("s", DType.F32, 4, width));
    Weight shift = Weight.of(TestTensors.random("t", DType.F32, 5, width));
    check(new Program("norms", List.of(in, other), List.of(layer, rms, gelu), List.of(
        new Op.LayerNorm(in, scale, shift, 1e-5f, layer),
        new Op.Activate(Op.Activation.QUICK_GELU, layer),
        new Op.RmsNorm(in, scale, 1e-6f, rms),
        new Op.Gate(Op.Activation.SILU, rms, other),
        new Op.RmsNorm(other, scale, 1e-5f, gelu),
        new Op.Activate(Op.Activation.GELU, gelu))), 5, 1);
  }

  static Stream<List<Integer>> attentionShapes() {
    // heads, key-value heads, head size, window
    return Stream.of(
        List.of(1, 1, 2, 0), List.of(4, 4, 16, 0), List.of(4, 2, 12, 0), List.of(6, 1, 34, 5), List.of(8, 2, 64, 0));
  }

  @ParameterizedTest
  @MethodSource("attentionShapes")
  void prefillThenDecodeOfSeveralSlots(List<Integer> shape) {
    for (Op.RopeLayout layout : Op.RopeLayout.values()) {
      Program program = attention(shape, layout);
      try (Compiled ours = backend.compile(program, ATTENTION); Compiled theirs = oracle.compile(program, ATTENTION)) {
        prefillThenDecode(program, ours, theirs, TOLERANCE);
      }
    }
  }

  /**
   * With a cache in half precision against the oracle with the same, and with the reference. Values of up to 1 are rounded
   * by 2^-12 at most: in the values this moves a result by as much, in the keys a score by little more.
   */
  @ParameterizedTest
  @MethodSource("attentionShapes")
  void cachesInHalfPrecision(List<Integer> shape) {
    Program program = attention(shape, Op.RopeLayout.HALF_SPLIT);
    CompileOptions half = CompileOptions.of(ATTENTION).withKvType(KvType.F16);
    if (!kvTypes().contains(KvType.F16)) {
      assertThatThrownBy(() -> backend.compile(program, half)).isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining(backend.id()).hasMessageContaining("F16");
      return;
    }
    try (Compiled ours = backend.compile(program, half); Compiled same = oracle.compile(program, half)) {
      // A key that was computed a little differently may be rounded to the next number.
      prefillThenDecode(program, ours, same, 2e-4);
    }
    try (Compiled ours = backend.compile(program, half); Compiled reference = oracle.compile(program, ATTENTION)) {
      prefillThenDecode(program, ours, reference, 2e-3);
    }
  }

  @Test
  void roundsNothingThatNobodyAskedFor() {
    Program program = matMul(TestTensors.random("w", DType.F32, 1, 3, 4), false);
    CompileOptions fast = new CompileOptions(new Limits(2, 1, 4), Precision.FAST, KvType.F32);
    assertThatThrownBy(() -> backend.compile(program, fast)).isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(backend.id()).hasMessageContaining("FAST").hasMessageContaining("EXACT");
  }

  /** @param shape heads, key-value heads, size of a head, window */
  private static Program attention(List<Integer> shape, Op.RopeLayout layout) {
    int heads = shape.get(0);
    int kvHeads = shape.get(1);
    int headDim = shape.get(2);
    Buffer q = new Buffer("q", heads * headDim, Extent.ROWS);
    Buffer k = new Buffer("k", kvHeads * headDim, Extent.ROWS);
    Buffer v = new Buffer("v", kvHeads * headDim, Extent.ROWS);
    Buffer identityIn = new Buffer("qi", heads * headDim, Extent.ROWS);
    Buffer out = new Buffer("out", heads * headDim, Extent.ROWS);
    KvCache cache = new KvCache("kv", 1, kvHeads, headDim);
    Weight identity = Weight.of(TestTensors.identity(heads * headDim));
    Weight identityKv = Weight.of(TestTensors.identity(kvHeads * headDim));
    Buffer keyIn = new Buffer("ki", kvHeads * headDim, Extent.ROWS);
    return new Program("attention", List.of(identityIn, keyIn, v), List.of(out), List.of(
        new Op.MatMul(identityIn, identity, null, false, q),
        new Op.MatMul(keyIn, identityKv, null, false, k),
        new Op.Rope(q, heads, headDim, 10000, layout),
        new Op.Rope(k, kvHeads, headDim, 10000, layout),
        new Op.StoreKv(k, v, cache),
        new Op.CachedAttention(q, cache, heads, shape.get(3), out)));
  }

  private static void prefillThenDecode(Program program, Compiled ours, Compiled theirs, double tolerance) {
    compare(program, ours, theirs, rows(0, 0, 7), tolerance);
    compare(program, ours, theirs, rows(2, 0, 200), tolerance);
    compare(program, ours, theirs, rows(0, 7, 1), tolerance);
    Batch mixed = new Batch(new int[0], new int[] {0, 2, 2, 2, 1}, new int[] {8, 200, 201, 202, 0}, new int[] {0, 4});
    compare(program, ours, theirs, mixed, tolerance);
    ours.copySlot(2, 1, 150);
    theirs.copySlot(2, 1, 150);
    compare(program, ours, theirs, rows(1, 150, 1), tolerance);
    compare(program, ours, theirs, rows(1, 151, 130), tolerance);
  }

  private static Batch rows(int slot, int from, int count) {
    int[] slots = new int[count];
    Arrays.fill(slots, slot);
    return new Batch(new int[0], slots, IntStream.range(from, from + count).toArray(), new int[] {count - 1});
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 17, 150})
  void selfAttentionWithinSlots(int rowsPerSlot) {
    int heads = 3;
    int width = heads * 20;
    Buffer q = new Buffer("q", width, Extent.ROWS);
    Buffer k = new Buffer("k", width, Extent.ROWS);
    Buffer v = new Buffer("v", width, Extent.ROWS);
    Buffer out = new Buffer("out", width, Extent.ROWS);
    check(new Program("self", List.of(q, k, v), List.of(out), List.of(new Op.SelfAttention(q, k, v, heads, out))),
        rowsPerSlot, 2);
  }

  @Test
  void embedSelectAndCapture() {
    Buffer given = new Buffer("given", 9, Extent.ROWS);
    Buffer x = new Buffer("x", 9, Extent.ROWS);
    Buffer picked = new Buffer("picked", 9, Extent.OUTPUTS);
    Buffer captured = new Buffer("captured", 27, Extent.OUTPUTS);
    Weight scale = new Weight("s", List.of(
        TestTensors.random("s0", DType.F32, 6, 9), TestTensors.random("s1", DType.F32, 7, 9)));
    Program program = new Program("embed", List.of(given), List.of(picked, captured), List.of(
        new Op.Embed(Weight.of(TestTensors.random("t", DType.F16, 8, 11, 9)), given, x),
        new Op.Capture(x, captured, 0),
        new Op.Repeat(2, List.of(new Op.RmsNorm(x, scale, 1e-5f, x), new Op.Capture(x, captured, 9))),
        new Op.Select(x, picked)));
    Batch batch = new Batch(new int[] {10, -1, 0, 3}, new int[4], new int[] {0, 1, 2, 3}, new int[] {1, 3});
    Limits limits = new Limits(4, 1, 4);
    try (Compiled ours = backend.compile(program, limits); Compiled theirs = oracle.compile(program, limits)) {
      compare(program, ours, theirs, batch);
    }
  }

  /** Rows whose largest value occurs once or twice, is negative, comes first or last, or meets what is no number. */
  @ParameterizedTest
  @MethodSource("sizes")
  void argMaxIsTheFirstColumnOfTheLargestValue(int scale) {
    int width = 9 * scale;
    Buffer in = new Buffer("in", width, Extent.ROWS);
    Buffer out = new Buffer("out", 1, Extent.ROWS);
    int rows = 10;
    float[] values = TestTensors.values(scale, rows * width);
    int[] expected = {width - 1, 0, width / 2, width / 3, width / 4, width / 5, 2 * width / 3, width / 2, -1, -1};
    for (int row = 0; row < rows - 2; row++) {
      values[row * width + expected[row]] = 2;
    }
    values[2 * width + width - 1] = 2;
    values[3 * width + width / 3 + 1] = 2;
    for (int i = 4 * width; i < 5 * width; i++) {
      values[i] -= 5;
    }
    // Neither in front nor behind is a NaN the largest; where nothing is larger than the lowest there is no column.
    values[5 * width] = Float.NaN;
    values[6 * width + width - 1] = Float.NaN;
    Arrays.fill(values, 7 * width, 9 * width, Float.NEGATIVE_INFINITY);
    values[7 * width + width / 2] = -1e29f;
    Arrays.fill(values, 9 * width, 10 * width, Float.NaN);
    Program program = new Program("greedy", List.of(in), List.of(out), List.of(new Op.ArgMax(in, out)));
    open = backend.compile(program, new Limits(rows, 1, rows));
    float[] columns = open.run(rows(0, 0, rows), Map.of(in, values)).get(out);
    assertThat(IntStream.range(0, rows).map(row -> (int) columns[row]).toArray()).isEqualTo(expected);
  }

  @Test
  void argMaxNeedsColumnsThatFloatsCanCount() {
    Buffer out = new Buffer("out", 1, Extent.OUTPUTS);
    assertThatThrownBy(() -> new Op.ArgMax(new Buffer("in", (1 << 24) + 1, Extent.OUTPUTS), out))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at most 16777216 columns");
    assertThatThrownBy(() -> new Op.ArgMax(new Buffer("in", 3, Extent.ROWS), out))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("as many rows");
  }

  /** What is not asked for is computed all the same and does not come back. */
  @Test
  void bringsBackWhatIsWanted() {
    Buffer in = new Buffer("in", 40, Extent.ROWS);
    Buffer logits = new Buffer("logits", 70, Extent.OUTPUTS);
    Buffer last = new Buffer("last", 40, Extent.OUTPUTS);
    Buffer greedy = new Buffer("greedy", 1, Extent.OUTPUTS);
    Program program = new Program("head", List.of(in), List.of(logits, greedy), List.of(
        new Op.Select(in, last),
        new Op.MatMul(last, Weight.of(TestTensors.random("w", DType.F32, 1, 70, 40)), null, false, logits),
        new Op.ArgMax(logits, greedy)));
    open = backend.compile(program, new Limits(9, 1, 9));
    Batch batch = new Batch(new int[0], new int[9], IntStream.range(0, 9).toArray(), new int[] {0, 3, 8});
    Map<Buffer, float[]> inputs = Map.of(in, TestTensors.values(3, 9 * 40));
    Map<Buffer, float[]> all = open.run(batch, inputs);
    assertThat(all).containsOnlyKeys(logits, greedy);
    for (int row = 0; row < 3; row++) {
      assertThat(all.get(greedy)[row]).isEqualTo(Op.ArgMax.columnOf(all.get(logits), row * 70, 70));
    }
    Map<Buffer, float[]> one = open.run(batch, inputs, List.of(greedy));
    assertThat(one).containsOnlyKeys(greedy);
    assertThat(one.get(greedy)).isEqualTo(all.get(greedy));
    assertThat(open.run(batch, inputs, List.of())).isEmpty();
    assertThatThrownBy(() -> open.run(batch, inputs, List.of(last)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("last is no output");
  }

  @Test
  void patchEmbedding() {
    int size = 15;
    int patch = 5;
    Buffer pixels = new Buffer("pixels", 3 * size * size, Extent.SLOTS);
    Buffer x = new Buffer("x", 13, Extent.ROWS);
    Program program = new Program("patches", List.of(pixels), List.of(x), List.of(new Op.PatchEmbed(
        pixels, Weight.of(TestTensors.random("k", DType.F16, 9, 13, 3, patch, patch)),
        Weight.of(TestTensors.random("c", DType.F32, 10, 13)),
        Weight.of(TestTensors.random("p", DType.F32, 11, 10, 13)), size, patch, x)));
    check(program, 10, 2);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Program program = matMul(TestTensors.random("w", DType.F32, 1, 3, 4), false);
    open = backend.compile(program, new Limits(2, 1, 4));
    Buffer in = program.inputs().getFirst();
    assertThatThrownBy(() -> open.run(rows(0, 0, 3), Map.of(in, new float[12])))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 rows");
    assertThatThrownBy(() -> open.run(rows(1, 0, 1), Map.of(in, new float[4])))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("slot 1");
    assertThatThrownBy(() -> open.run(rows(0, 4, 1), Map.of(in, new float[4])))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("position 4");
    assertThatThrownBy(() -> open.run(rows(0, 0, 2), Map.of(in, new float[7])))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("needs 8 values");
    assertThatThrownBy(() -> open.run(rows(0, 0, 2), Map.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("in");
  }

  /** How often a run is aborted at a random moment; fewer where each costs a compilation. */
  protected int aborts() {
    return 40;
  }

  /** Layers of a program that takes longer than a test waits before it aborts. */
  protected int longProgram() {
    return 100_000;
  }

  private static Program endless(int rounds) {
    Buffer x = new Buffer("x", 64, Extent.ROWS);
    Weight weight = new Weight("w", Collections.nCopies(rounds, TestTensors.random("w", DType.Q8_0, 1, 64, 64)));
    Buffer y = new Buffer("y", 64, Extent.ROWS);
    return new Program("endless", List.of(x), List.of(y), List.of(new Op.Repeat(rounds, List.of(
        new Op.MatMul(x, weight, null, false, y), new Op.Activate(Op.Activation.GELU, y)))));
  }

  @Test
  @Timeout(120)
  void anAbortedRunEndsAndNothingElseDoes() throws Exception {
    Program program = endless(longProgram());
    Program other = matMul(TestTensors.random("w", DType.F32, 1, 37, 77), false);
    Limits limits = new Limits(40, 2, 40);
    SplittableRandom random = new SplittableRandom(1);
    try (Compiled neighbour = backend.compile(other, limits); Compiled theirs = oracle.compile(other, limits)) {
      for (int i = 0; i < aborts(); i++) {
        try (Compiled aborted = backend.compile(program, limits)) {
          Map<Buffer, float[]> inputs = Map.of(program.inputs().getFirst(), TestTensors.values(i, 40 * 64));
          long wait = random.nextLong(20_000_000);
          Thread killer = Thread.ofPlatform().start(() -> {
            LockSupport.parkNanos(wait);
            aborted.abort();
          });
          assertThatThrownBy(() -> aborted.run(rows(0, 0, 40), inputs)).isInstanceOf(RunAbortedException.class)
              .hasMessage("endless was aborted");
          killer.join();
          aborted.abort();
          assertThatThrownBy(() -> aborted.run(rows(0, 0, 1), inputs)).isInstanceOf(RunAbortedException.class);
          assertThatThrownBy(() -> aborted.copySlot(0, 1, 1)).isInstanceOf(RunAbortedException.class);
        }
        compare(other, neighbour, theirs, rows(0, 0, 19));
      }
    }
  }

  /** Whoever waits for the other programs of its backend can be aborted, too. */
  @Test
  @Timeout(120)
  void anAbortReachesARunThatWaitsForAnother() throws Exception {
    Program program = endless(longProgram());
    Limits limits = new Limits(40, 2, 40);
    Map<Buffer, float[]> inputs = Map.of(program.inputs().getFirst(), TestTensors.values(1, 40 * 64));
    try (Compiled first = backend.compile(program, limits); Compiled second = backend.compile(program, limits)) {
      try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
        Future<?> running = threads.submit(() -> first.run(rows(0, 0, 40), inputs));
        Future<?> waiting = threads.submit(() -> second.run(rows(0, 0, 40), inputs));
        Thread.sleep(20);
        second.abort();
        assertThatThrownBy(waiting::get).hasCauseInstanceOf(RunAbortedException.class);
        assertThat(running.isDone()).isFalse();
        first.abort();
        assertThatThrownBy(running::get).hasCauseInstanceOf(RunAbortedException.class);
      }
    }
  }

  @Test
  void aClosedProgramRunsNoMore() {
    Program program = matMul(TestTensors.random("w", DType.F32, 1, 3, 4), false);
    Compiled closed = backend.compile(program, new Limits(2, 2, 4));
    closed.close();
    closed.close();
    closed.abort();
    assertThatThrownBy(() -> closed.run(rows(0, 0, 1), Map.of(program.inputs().getFirst(), new float[4])))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("matmul is closed");
    assertThatThrownBy(() -> closed.copySlot(0, 1, 1)).isInstanceOf(IllegalStateException.class);
  }

  /** Runs {@code program} with {@code rowsPerSlot} rows in each of {@code slots} slots on both backends. */
  private void check(Program program, int rowsPerSlot, int slots) {
    int rows = rowsPerSlot * slots;
    int[] slotOf = IntStream.range(0, rows).map(r -> r / rowsPerSlot).toArray();
    int[] positions = IntStream.range(0, rows).map(r -> r % rowsPerSlot).toArray();
    Batch batch = new Batch(new int[0], slotOf, positions, new int[] {rows - 1});
    Limits limits = new Limits(rows, slots, rowsPerSlot);
    try (Compiled ours = backend.compile(program, limits); Compiled theirs = oracle.compile(program, limits)) {
      compare(program, ours, theirs, batch);
    }
  }

  private static void compare(Program program, Compiled ours, Compiled theirs, Batch batch) {
    compare(program, ours, theirs, batch, TOLERANCE);
  }

  private static void compare(Program program, Compiled ours, Compiled theirs, Batch batch, double tolerance) {
    Map<Buffer, float[]> inputs = new HashMap<>();
    for (Buffer input : program.inputs()) {
      inputs.put(input, TestTensors.values(input.name().hashCode(), batch.count(input.extent()) * input.width()));
    }
    Map<Buffer, float[]> got = ours.run(batch, inputs);
    Map<Buffer, float[]> expected = theirs.run(batch, inputs);
    for (Buffer output : program.outputs()) {
      float[] e = expected.get(output);
      float[] g = got.get(output);
      assertThat(g).hasSameSizeAs(e);
      double scale = 1;
      for (float value : e) {
        scale = Math.max(scale, Math.abs(value));
      }
      for (int i = 0; i < e.length; i++) {
        assertThat((double) g[i]).as("%s[%d] of %s", output.name(), i, program.name())
            .isCloseTo(e[i], within(tolerance * scale));
      }
    }
  }
}
