package io.github.llava4j.kernels;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Each operation names all that it uses, and what follows from that. */
class OpTest {

  private static final Buffer A = new Buffer("a", 8, Extent.ROWS);
  private static final Buffer B = new Buffer("b", 8, Extent.ROWS);
  private static final Buffer C = new Buffer("c", 8, Extent.ROWS);
  private static final Buffer D = new Buffer("d", 1, Extent.ROWS);
  private static final Weight V = Weight.of(TestTensors.random("v", DType.F32, 1, 8));
  private static final Weight W = Weight.of(TestTensors.random("w", DType.F32, 2, 8));
  private static final Weight X = Weight.of(TestTensors.random("x", DType.F32, 3, 8, 8));
  private static final KvCache CACHE = new KvCache("kv", 3, 2, 4);

  static Stream<Op> operations() {
    return Stream.of(
        new Op.Embed(X, A, B), new Op.PatchEmbed(A, X, V, W, 4, 2, B), new Op.LayerNorm(A, V, W, 1, A),
        new Op.RmsNorm(A, V, 1, B), new Op.MatMul(A, X, null, false, B), new Op.MatMul(A, X, V, true, B),
        new Op.Rope(A, 2, 4, 10000, Op.RopeLayout.INTERLEAVED), new Op.StoreKv(A, B, CACHE),
        new Op.CachedAttention(A, CACHE, 2, 0, B), new Op.SelfAttention(A, B, C, 2, A),
        new Op.Activate(Op.Activation.SILU, A), new Op.Gate(Op.Activation.SILU, A, B), new Op.Select(A, B),
        new Op.ArgMax(A, D), new Op.Capture(A, B, 0));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void namesAllItsParts(Op op) throws ReflectiveOperationException {
    List<Object> parts = new ArrayList<>();
    for (RecordComponent component : op.getClass().getRecordComponents()) {
      parts.add(component.getAccessor().invoke(op));
    }
    assertThat(op.weights()).containsExactlyInAnyOrderElementsOf(of(parts, Weight.class));
    assertThat(op.buffers()).containsExactlyInAnyOrderElementsOf(of(parts, Buffer.class));
    assertThat(op.caches()).containsExactlyInAnyOrderElementsOf(of(parts, KvCache.class));
  }

  private static <T> List<T> of(List<Object> parts, Class<T> type) {
    return parts.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Test
  void everyOperationIsTriedAndARepetitionHasItsBodysParts() {
    List<Op> all = operations().toList();
    Op.Repeat repeat = new Op.Repeat(3, all);
    assertThat(Stream.concat(all.stream(), Stream.of(repeat)).map(Object::getClass).distinct().toList())
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Op.class.getPermittedSubclasses()));
    assertThat(repeat.weights()).hasSize((int) all.stream().mapToLong(op -> op.weights().size()).sum());
    assertThat(repeat.buffers()).hasSize((int) all.stream().mapToLong(op -> op.buffers().size()).sum());
    assertThat(repeat.caches()).containsExactlyElementsOf(Collections.nCopies(2, CACHE));
  }

  /** Each tensor, buffer and cache counts once. */
  @Test
  void memoryIsAddedUp() {
    Program program = new Program("p", List.of(A), List.of(B), List.of(
        new Op.MatMul(A, X, V, false, B), new Op.MatMul(A, X, W, true, B),
        new Op.Repeat(3, List.of(new Op.StoreKv(A, B, CACHE), new Op.CachedAttention(A, CACHE, 2, 0, B)))));
    Limits limits = new Limits(5, 2, 100);
    long weights = 4 * (64 + 8 + 8);
    long cache = 2 * 3 * 8 * 2 * 100;
    long buffers = 4 * 2 * 8 * 5;
    assertThat(MemoryPlan.of(program, limits)).isEqualTo(new MemoryPlan(weights, 4 * cache, buffers));
    assertThat(MemoryPlan.of(program, CompileOptions.of(limits).withKvType(KvType.F16)))
        .isEqualTo(new MemoryPlan(weights, 2 * cache, buffers));
  }
}
