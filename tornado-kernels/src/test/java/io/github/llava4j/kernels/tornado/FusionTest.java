package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Operations that share a kernel give what they give alone, and those that must not share one do not. */
class FusionTest {

  private static final int LAYERS = 2;
  private static final Limits LIMITS = new Limits(70, 1, 70);

  /** A device whose arrays are no larger than that many bytes. */
  protected Device device(long largestArray) {
    return new EmulatedDevice(largestArray, 1L << 30);
  }

  /** Everything that is fused, around a residual stream. */
  private static Program block(DType type, int width, int queries, int keys, boolean biased, boolean layerNorm) {
    Buffer x = new Buffer("x", width, Extent.ROWS);
    Buffer normed = new Buffer("normed", width, Extent.ROWS);
    Buffer query = new Buffer("query", queries, Extent.ROWS);
    Buffer key = new Buffer("key", keys, Extent.ROWS);
    Buffer value = new Buffer("value", keys, Extent.ROWS);
    Buffer up = new Buffer("up", keys, Extent.ROWS);
    Weight shift = weight("shift", DType.F32, width);
    Weight scale = weight("scale", DType.F32, width);
    Weight[] biases = {null, null, null, null};
    if (biased) {
      biases = new Weight[] {weight("bq", DType.F32, queries), weight("bk", DType.F32, keys),
          weight("bv", DType.F32, keys), weight("bo", DType.F32, width)};
    }
    List<Op> body = List.of(
        new Op.MatMul(x, weight("q", type, queries, width), biases[0], false, query),
        new Op.MatMul(x, weight("k", type, keys, width), biases[1], false, key),
        new Op.MatMul(x, weight("v", type, keys, width), biases[2], false, value),
        new Op.Gate(Op.Activation.SILU, key, value),
        new Op.MatMul(query, weight("o", type, width, queries), biases[3], true, x),
        layerNorm ? new Op.LayerNorm(x, scale, shift, 1e-5f, normed) : new Op.RmsNorm(x, scale, 1e-5f, normed),
        new Op.MatMul(normed, weight("gate", type, keys, width), null, false, value),
        new Op.MatMul(normed, weight("up", type, keys, width), null, false, up),
        new Op.Gate(Op.Activation.SILU, value, up),
        new Op.MatMul(value, weight("down", type, width, keys), null, true, x));
    return program(body, x, normed, query, key, value);
  }

  /** Repeats {@code body} after giving the buffers random values; all of them are outputs. */
  private static Program program(List<Op> body, Buffer... buffers) {
    List<Op> ops = new ArrayList<>();
    List<Buffer> inputs = new ArrayList<>();
    for (Buffer buffer : buffers) {
      Buffer input = new Buffer("in " + buffer.name(), buffer.width(), Extent.ROWS);
      inputs.add(input);
      ops.add(new Op.MatMul(input, Weight.of(TestTensors.identity(buffer.width())), null, false, buffer));
    }
    ops.add(new Op.Repeat(LAYERS, body));
    return new Program("fused", inputs, List.of(buffers), ops);
  }

  private static Weight weight(String name, DType type, int... shape) {
    return new Weight(name, IntStream.range(0, LAYERS)
        .mapToObj(layer -> TestTensors.random(name + layer, type, name.hashCode() + layer, shape)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "F32, 31, 33, 33, true, true", "F32, 65, 100, 7, false, false", "F32, 1, 3, 1, true, false",
    "F16, 33, 17, 15, true, true", "F16, 64, 128, 66, false, false", "BF16, 7, 16, 2, true, true",
    "Q8_0, 64, 96, 32, true, false", "Q4_0, 96, 64, 64, false, true", "Q4_0, 32, 64, 32, true, false"
  })
  void fusedGivesTheSameAsApart(DType type, int width, int queries, int keys, boolean biased, boolean layerNorm) {
    Program program = block(type, width, queries, keys, biased, layerNorm);
    Set<String> kernels = kernels(program);
    assertThat(kernels).contains(
        "projectionsMatVec", "projectionsMatMul", "gatedMatVec", layerNorm ? "addLayerNorm" : "addRmsNorm");
    assertThat(kernels).doesNotContain("layerNorm", "rmsNorm");
    checkOnBoth(program, 1L << 30);
  }

  /** The stacked matrices decide how many layers an array can hold. */
  @Test
  void projectionsAreSplitOverStacks() {
    Program program = block(DType.F32, 64, 128, 64, true, false);
    // One layer of all three takes 64 KiB; both layers of the largest alone would, too.
    long oneLayer = 70_000;
    assertThat(new Lowering(program, LIMITS, new DeviceArrays(oneLayer, true), null).steps()).hasSize(1 + LAYERS);
    checkOnBoth(program, oneLayer);
  }

  /** What they compute is the contract's to check. */
  @Test
  void othersStayApart() {
    Buffer x = new Buffer("x", 32, Extent.ROWS);
    Buffer a = new Buffer("a", 32, Extent.ROWS);
    Buffer b = new Buffer("b", 32, Extent.ROWS);
    Buffer c = new Buffer("c", 32, Extent.ROWS);
    Weight f32 = weight("f32", DType.F32, 32, 32);
    Weight q8 = weight("q8", DType.Q8_0, 32, 32);
    Weight bias = weight("bias", DType.F32, 32);
    Op first = new Op.MatMul(x, f32, null, false, a);
    Op second = new Op.MatMul(x, f32, null, false, b);
    List<List<Op>> bodies = List.of(
        List.of(first, second, new Op.MatMul(x, q8, null, false, c)),
        List.of(first, second, new Op.MatMul(x, f32, bias, false, c)),
        List.of(first, second, new Op.MatMul(b, f32, null, false, c)),
        List.of(first, second, new Op.MatMul(x, f32, null, true, c)),
        List.of(first, second, new Op.MatMul(x, f32, null, false, b)),
        List.of(new Op.MatMul(a, f32, null, true, x), new Op.RmsNorm(x, bias, 1e-5f, x)),
        List.of(new Op.MatMul(a, f32, null, false, x), new Op.RmsNorm(x, bias, 1e-5f, b)),
        List.of(new Op.MatMul(a, f32, null, true, x), new Op.RmsNorm(b, bias, 1e-5f, c)),
        List.of(first, new Op.MatMul(x, q8, null, false, b), new Op.Gate(Op.Activation.SILU, a, b)),
        List.of(first, second, new Op.Gate(Op.Activation.SILU, b, a)));
    for (List<Op> body : bodies) {
      Program program = program(body, x, a, b, c);
      assertThat(kernels(program)).as("%s", body)
          .doesNotContain("projectionsMatVec", "projectionsMatMul", "addRmsNorm", "gatedMatVec");
    }
  }

  /** The contract compares what the fused kernel computes; here is what must not be fused. */
  @Test
  void rotationsAreFusedWithTheCacheTheyFill() {
    Buffer q = new Buffer("q", 64, Extent.ROWS);
    Buffer k = new Buffer("k", 32, Extent.ROWS);
    Buffer v = new Buffer("v", 32, Extent.ROWS);
    KvCache cache = new KvCache("kv", 1, 2, 16);
    Op rotateQuery = new Op.Rope(q, 4, 16, 10000, Op.RopeLayout.HALF_SPLIT);
    Op rotateKey = new Op.Rope(k, 2, 16, 10000, Op.RopeLayout.HALF_SPLIT);
    assertThat(kernels(new Program("rope", List.of(q, k, v), List.of(q), List.of(
        rotateQuery, rotateKey, new Op.StoreKv(k, v, cache))))).contains("rotateAndStore").doesNotContain("rope");
    List<List<Op>> bodies = List.of(
        List.of(rotateQuery, rotateKey, new Op.StoreKv(v, k, cache)),
        List.of(rotateQuery, rotateKey, new Op.StoreKv(k, k, cache)),
        List.of(rotateQuery, new Op.Rope(k, 2, 16, 500, Op.RopeLayout.HALF_SPLIT), new Op.StoreKv(k, v, cache)),
        List.of(rotateQuery, new Op.Rope(k, 2, 16, 10000, Op.RopeLayout.INTERLEAVED), new Op.StoreKv(k, v, cache)),
        List.of(rotateQuery, new Op.Rope(k, 4, 8, 10000, Op.RopeLayout.HALF_SPLIT), new Op.StoreKv(k, v, cache)));
    for (List<Op> body : bodies) {
      assertThat(kernels(new Program("rope", List.of(q, k, v), List.of(q), body))).contains("rope", "storeKv");
    }
  }

  private static Set<String> kernels(Program program) {
    Set<String> names = new TreeSet<>();
    new Lowering(program, LIMITS, new DeviceArrays(1L << 30, true), null).graphs()
        .forEach(graph -> graph.launches().forEach(launch -> names.add(launch.kernel())));
    return names;
  }

  /** With rows for the kernels that take few and for those that take many. */
  private void checkOnBoth(Program program, long largestArray) {
    TornadoBackend backend = new TornadoBackend(device(largestArray), null);
    try (ScalarBackend oracle = new ScalarBackend(1); Compiled theirs = oracle.compile(program, LIMITS);
        Compiled ours = backend.compile(program, LIMITS)) {
      for (int rows : new int[] {1, 3, 67}) {
        Batch batch = new Batch(new int[0], new int[rows], IntStream.range(0, rows).toArray(), new int[] {rows - 1});
        Map<Buffer, float[]> expected = theirs.run(batch, inputs(program, rows));
        Map<Buffer, float[]> actual = ours.run(batch, inputs(program, rows));
        for (Buffer output : program.outputs()) {
          float[] e = expected.get(output);
          double scale = 1;
          for (float value : e) {
            scale = Math.max(scale, Math.abs(value));
          }
          assertThat(actual.get(output)).as("%s of %d rows", output.name(), rows)
              .containsExactly(e, within((float) (2e-5 * scale)));
        }
      }
    }
  }

  /** Fresh ones: a program may change its inputs in place. */
  private static Map<Buffer, float[]> inputs(Program program, int rows) {
    Map<Buffer, float[]> inputs = new HashMap<>();
    for (Buffer input : program.inputs()) {
      inputs.put(input, TestTensors.values(input.name().hashCode() + rows, rows * input.width()));
    }
    return inputs;
  }
}
