package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import org.jspecify.annotations.Nullable;

/** Finds operations that one kernel can do together without anybody seeing a difference. */
final class Fusion {

  private final Program program;
  private final Stacks stacks;

  Fusion(Program program, Stacks stacks) {
    this.program = program;
    this.stacks = stacks;
  }

  /** The same operations in the same order, joined where they can be. */
  List<Fused> of(List<Op> ops) {
    List<Fused> parts = new ArrayList<>();
    for (int i = 0; i < ops.size(); i += parts.getLast().ops().size()) {
      parts.add(next(ops.subList(i, ops.size())));
    }
    return parts;
  }

  private Fused next(List<Op> rest) {
    Op first = rest.getFirst();
    Op second = rest.size() > 1 ? rest.get(1) : null;
    Op third = rest.size() > 2 ? rest.get(2) : null;
    if (first instanceof Op.MatMul query && second instanceof Op.MatMul key && third instanceof Op.MatMul value
        && areProjections(query, key, value)) {
      return new Fused.Projections(query, key, value);
    }
    if (first instanceof Op.MatMul gate && second instanceof Op.MatMul up && third instanceof Op.Gate join
        && areGated(gate, up, join)) {
      return new Fused.Gated(gate, up, join);
    }
    if (first instanceof Op.Rope query && second instanceof Op.Rope key && third instanceof Op.StoreKv store
        && areRotateAndStore(query, key, store)) {
      return new Fused.RotateAndStore(query, key, store);
    }
    if (first instanceof Op.MatMul product && product.accumulate() && second != null
        && product.out().equals(normalized(second))) {
      return new Fused.ResidualNorm(product, second);
    }
    return new Fused.Single(first);
  }

  private boolean areProjections(Op.MatMul query, Op.MatMul key, Op.MatMul value) {
    boolean oneInput = readRows(query, query.in()) && readRows(key, query.in()) && readRows(value, query.in());
    boolean biases = (query.bias() == null) == (key.bias() == null) && (key.bias() == null) == (value.bias() == null);
    boolean apart = !query.out().equals(key.out()) && !query.out().equals(value.out())
        && !key.out().equals(value.out()) && !List.of(query.out(), key.out(), value.out()).contains(query.in());
    boolean shapes =
        key.weight().rows() == value.weight().rows() && key.weight().rows() <= query.weight().rows();
    return oneInput && biases && apart && shapes && stacks.format(query.weight()) == stacks.format(key.weight())
        && stacks.format(key.weight()) == stacks.format(value.weight());
  }

  /** Nothing else may read what the two products give. */
  private boolean areGated(Op.MatMul gate, Op.MatMul up, Op.Gate join) {
    return readRows(gate, gate.in()) && readRows(up, gate.in()) && gate.bias() == null && up.bias() == null
        && gate.out().equals(join.gate()) && up.out().equals(join.up()) && usesOf(up.out()) == 2
        && stacks.format(gate.weight()) == stacks.format(up.weight());
  }

  private static boolean areRotateAndStore(Op.Rope query, Op.Rope key, Op.StoreKv store) {
    boolean alike = query.headDim() == key.headDim() && query.theta() == key.theta() && query.layout() == key.layout()
        && key.headDim() == store.cache().headDim() && key.headDim() % 2 == 0;
    boolean apart = !query.x().equals(key.x()) && !query.x().equals(store.values()) && !key.x().equals(store.values());
    return alike && apart && key.x().equals(store.keys()) && key.x().width() == store.cache().width()
        && key.heads() == store.cache().kvHeads();
  }

  private static boolean readRows(Op.MatMul product, Buffer in) {
    return product.in().equals(in) && in.extent() == Extent.ROWS && !product.accumulate();
  }

  private long usesOf(Buffer buffer) {
    long inside = program.ops().stream().flatMap(op -> op.buffers().stream()).filter(buffer::equals).count();
    return inside + program.outputs().stream().filter(buffer::equals).count();
  }

  /** What {@code op} normalises into another buffer, or null. */
  private static @Nullable Buffer normalized(Op op) {
    return switch (op) {
      case Op.RmsNorm norm when !norm.in().equals(norm.out()) -> norm.in();
      case Op.LayerNorm norm when !norm.in().equals(norm.out()) -> norm.in();
      default -> null;
    };
  }
}
