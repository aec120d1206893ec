package io.github.llava4j.kernels.tornado;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.TestTensors;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.scalar.ScalarBackend;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Layers in one stack, in several, and refused: what the size of a device decides. */
class StacksTest {

  private static final int LAYERS = 5;
  private static final int WIDTH = 64;
  private static final Limits LIMITS = new Limits(8, 2, 16);

  private final Buffer x = new Buffer("x", WIDTH, Extent.ROWS);

  /** A device whose arrays are no larger than that many bytes. */
  protected Device device(long largestArray) {
    return new EmulatedDevice(largestArray, 1L << 30);
  }

  /** A decoder's layer in small: norm, cache, attention, gated product. */
  private Program program(DType type, int layers) {
    Buffer normed = new Buffer("normed", WIDTH, Extent.ROWS);
    Buffer mixed = new Buffer("mixed", WIDTH, Extent.ROWS);
    Buffer gate = new Buffer("gate", 96, Extent.ROWS);
    Buffer up = new Buffer("up", 96, Extent.ROWS);
    Buffer out = new Buffer("out", WIDTH, Extent.OUTPUTS);
    Buffer captured = new Buffer("captured", layers * WIDTH, Extent.OUTPUTS);
    KvCache cache = new KvCache("kv", layers, 2, WIDTH / 2);
    List<Op> body = List.of(
        new Op.RmsNorm(x, weight(layers, "norm", DType.F32, WIDTH), 1e-5f, normed),
        new Op.StoreKv(normed, x, cache),
        new Op.CachedAttention(normed, cache, 2, 0, mixed),
        new Op.MatMul(
            mixed, weight(layers, "o", type, WIDTH, WIDTH), weight(layers, "bias", DType.F32, WIDTH), true, x),
        new Op.MatMul(x, weight(layers, "gate", type, 96, WIDTH), null, false, gate),
        new Op.MatMul(x, weight(layers, "up", type, 96, WIDTH), null, false, up),
        new Op.Gate(Op.Activation.SILU, gate, up),
        new Op.MatMul(gate, weight(layers, "down", type, WIDTH, 96), null, true, x),
        new Op.RmsNorm(x, weight(layers, "post", DType.F32, WIDTH), 1e-5f, x),
        new Op.Capture(x, captured, 0));
    return new Program(
        "layers", List.of(x), List.of(out, captured), List.of(new Op.Repeat(layers, body), new Op.Select(x, out)));
  }

  private static Weight weight(int layers, String name, DType type, int... shape) {
    return new Weight(name, IntStream.range(0, layers)
        .mapToObj(layer -> TestTensors.random(name + layer, type, name.hashCode() + layer, shape)).toList());
  }

  @ParameterizedTest
  @CsvSource({"1000000, 1, F32", "60000, 3, F32", "40000, 5, F32", "1000000, 1, Q8_0", "11000, 5, Q4_0"})
  void stacksGiveTheSameResults(long largestArray, int stacks, DType type) {
    Program program = program(type, LAYERS);
    Lowering lowering = new Lowering(program, LIMITS, new DeviceArrays(largestArray, true), null);
    assertThat(lowering.steps()).as("stacks and the selection").hasSize(stacks + 1);
    TornadoBackend backend = new TornadoBackend(device(largestArray), null);
    try (ScalarBackend oracle = new ScalarBackend(1);
        Compiled theirs = oracle.compile(program, LIMITS); Compiled ours = backend.compile(program, LIMITS)) {
      compare(ours, theirs, batch(0, 0, 7));
      compare(ours, theirs, batch(1, 0, 5));
      ours.copySlot(0, 1, 6);
      theirs.copySlot(0, 1, 6);
      compare(ours, theirs, batch(1, 6, 2));
      compare(ours, theirs, new Batch(new int[0], new int[] {0, 1}, new int[] {7, 8}, new int[] {0, 1}));
    }
  }

  /** TornadoVM compiles each launch of each graph once. */
  @Test
  void layersShareTheirKernels() {
    assertThat(launches(32)).isEqualTo(launches(2)).isLessThan(30);
  }

  private int launches(int layers) {
    return new Lowering(program(DType.F32, layers), LIMITS, new DeviceArrays(1 << 30, true), null).graphs().stream()
        .mapToInt(graph -> graph.launches().size()).sum();
  }

  private static Batch batch(int slot, int from, int rows) {
    return new Batch(
        new int[0], IntStream.generate(() -> slot).limit(rows).toArray(), IntStream.range(from, from + rows).toArray(),
        new int[] {rows - 1});
  }

  private void compare(Compiled ours, Compiled theirs, Batch batch) {
    float[] values = TestTensors.values(batch.rows(), batch.rows() * WIDTH);
    // The program changes its input in place, and the oracle works on the array that it is given.
    Map<Buffer, float[]> expected = theirs.run(batch, Map.of(x, values.clone()));
    ours.run(batch, Map.of(x, values)).forEach((buffer, actual) -> {
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).as("%s[%d]", buffer.name(), i).isCloseTo(expected.get(buffer)[i], within(1e-4f));
      }
    });
  }

  @Test
  void refusesTypesByNameOrRewritesThem() {
    Buffer out = new Buffer("out", 3, Extent.ROWS);
    Buffer in = new Buffer("in", 256, Extent.ROWS);
    Tensor tensor = TestTensors.random("blk.0.q", DType.Q4_K, 1, 3, 256);
    Program program =
        new Program("q", List.of(in), List.of(out), List.of(new Op.MatMul(in, Weight.of(tensor), null, false, out)));
    Device device = device(1 << 20);
    assertThatThrownBy(() -> new TornadoBackend(device, null).compile(program, LIMITS))
        .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("blk.0.q in Q4_K")
        .hasMessageContaining(TornadoBackend.REQUANTIZE);
    Batch batch = batch(0, 0, 1);
    Map<Buffer, float[]> inputs = Map.of(in, TestTensors.values(3, 256));
    try (ScalarBackend oracle = new ScalarBackend(1); Compiled theirs = oracle.compile(program, LIMITS);
        Compiled exact = new TornadoBackend(device, Format.F32).compile(program, LIMITS);
        Compiled near = new TornadoBackend(device, Format.Q8_0).compile(program, LIMITS)) {
      float[] expected = theirs.run(batch, inputs).get(out);
      assertThat(exact.run(batch, inputs).get(out)).containsExactly(expected, within(1e-3f));
      assertThat(near.run(batch, inputs).get(out)).containsExactly(expected, within(0.5f));
    }
  }
}
