package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.DeviceException;
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
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** What a driver refuses without an exception is an exception, or did not matter. */
class WitnessTest {

  private static final int WIDTH = 8;
  private static final int LAYERS = 2;
  private static final Limits LIMITS = new Limits(6, 2, 8);
  private static final Buffer X = new Buffer("x", WIDTH, Extent.ROWS);
  private static final Program PROGRAM = program();

  private static Program program() {
    Buffer normed = new Buffer("normed", WIDTH, Extent.ROWS);
    Buffer mixed = new Buffer("mixed", WIDTH, Extent.ROWS);
    Buffer out = new Buffer("out", WIDTH, Extent.OUTPUTS);
    Buffer best = new Buffer("best", 1, Extent.OUTPUTS);
    Buffer captured = new Buffer("captured", LAYERS * WIDTH, Extent.OUTPUTS);
    KvCache cache = new KvCache("kv", LAYERS, 1, WIDTH);
    List<Op> body = List.of(
        new Op.RmsNorm(X, weight("norm", WIDTH), 1e-5f, normed),
        new Op.StoreKv(normed, X, cache),
        new Op.CachedAttention(normed, cache, 1, 0, mixed),
        new Op.MatMul(mixed, weight("o", WIDTH, WIDTH), null, true, X),
        new Op.Capture(X, captured, 0));
    return new Program(
        "layers", List.of(X), List.of(out, best, captured),
        List.of(new Op.Repeat(LAYERS, body), new Op.Select(X, out), new Op.ArgMax(out, best)));
  }

  private static Weight weight(String name, int... shape) {
    return new Weight(name, IntStream.range(0, LAYERS)
        .mapToObj(layer -> TestTensors.random(name + layer, DType.F32, name.hashCode() + layer, shape)).toList());
  }

  /** Many rows, one row, a copy, and two rows that see what was copied. */
  private static List<Map<Buffer, float[]>> answers(Compiled compiled) {
    List<Map<Buffer, float[]>> answers = new ArrayList<>();
    answers.add(run(compiled, 0, 0, 6));
    answers.add(run(compiled, 0, 6, 1));
    compiled.copySlot(0, 1, 6);
    answers.add(run(compiled, 1, 6, 2));
    return answers;
  }

  private static Map<Buffer, float[]> run(Compiled compiled, int slot, int from, int rows) {
    Batch batch = new Batch(
        new int[0], IntStream.generate(() -> slot).limit(rows).toArray(), IntStream.range(from, from + rows).toArray(),
        new int[] {rows - 1});
    return compiled.run(batch, Map.of(X, TestTensors.values(from, rows * WIDTH)));
  }

  private static void assertRight(List<Map<Buffer, float[]>> actual, List<Map<Buffer, float[]>> expected, String when) {
    for (int i = 0; i < expected.size(); i++) {
      Map<Buffer, float[]> answer = actual.get(i);
      expected.get(i).forEach((buffer, values) -> assertThat(answer.get(buffer)).as(when).containsExactly(values, within(1e-4f)));
    }
  }

  private static List<Map<Buffer, float[]>> expected() {
    try (ScalarBackend oracle = new ScalarBackend(1); Compiled compiled = oracle.compile(PROGRAM, LIMITS)) {
      return answers(compiled);
    }
  }

  /** Each single launch and transfer of all of it in turn. */
  @Test
  void whateverIsRefusedOnceIsAnExceptionOrDidNotMatter() {
    List<Map<Buffer, float[]>> expected = expected();
    List<String> calls = new ArrayList<>();
    try (Compiled compiled = new TornadoBackend(EmulatedDevice.refusing(call -> !calls.add(call)), null)
        .compile(PROGRAM, LIMITS)) {
      assertRight(answers(compiled), expected, "nothing refused");
    }
    assertThat(calls).contains("upload", "write", "read", "launch copySlot", "launch matMul", "launch matVec");
    int failures = 0;
    for (int refused = 0; refused < calls.size(); refused++) {
      int number = refused;
      AtomicInteger count = new AtomicInteger();
      EmulatedDevice device = EmulatedDevice.refusing(call -> count.getAndIncrement() == number);
      String when = calls.get(refused) + ", call " + refused;
      try (Compiled compiled = new TornadoBackend(device, null).compile(PROGRAM, LIMITS)) {
        try {
          assertRight(answers(compiled), expected, when);
        } catch (DeviceException e) {
          failures++;
          assertThat(e).as(when).hasMessageContaining("layers");
          assertRight(answers(compiled), expected, "after the failure of " + when);
        }
      } catch (DeviceException e) {
        failures++;
        assertThat(e).as(when).hasMessageContaining("layers");
      }
      assertThat(device.memory().held()).as(when).isZero();
    }
    long zeros = calls.stream().filter("upload"::equals).count();
    assertThat(failures).as("all but arrays that begin with zeros").isGreaterThan(calls.size() - (int) zeros);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rmsNorm", "storeKv", "matMul", "attention", "pick", "argMax", "matVec", "attentionChunk", "attentionCombine"})
  void theKernelThatADeviceAlwaysRefusesIsNamed(String kernel) {
    EmulatedDevice device = EmulatedDevice.refusing(call -> call.equals("launch " + kernel));
    try (Compiled compiled = new TornadoBackend(device, null).compile(PROGRAM, LIMITS)) {
      for (int round = 0; round < 2; round++) {
        assertThatThrownBy(() -> answers(compiled)).isInstanceOf(DeviceException.class)
            .hasMessageStartingWith("the device did not do all of layers: " + kernel + " did not run, or ran on");
      }
    }
    assertThat(device.memory().held()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload", "read", "launch touchFloats", "launch touchInts"})
  void aProgramThatDoesNotReachTheDeviceDoesNotCompile(String call) {
    EmulatedDevice device = EmulatedDevice.refusing(call::equals);
    assertThatThrownBy(() -> new TornadoBackend(device, null).compile(PROGRAM, LIMITS))
        .isInstanceOf(DeviceException.class).hasMessageContaining("layers").hasMessageContaining("arrive");
    assertThat(device.memory().held()).isZero();
  }
}
