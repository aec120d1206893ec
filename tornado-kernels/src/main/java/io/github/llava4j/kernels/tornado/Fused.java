package io.github.llava4j.kernels.tornado;

import java.util.List;

import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Weight;
import org.jspecify.annotations.Nullable;

/** Consecutive operations that become kernels together: each launch, and each pass over data in between, costs time. */
sealed interface Fused {

  /** The operations, in order. */
  List<Op> ops();

  /** An operation by itself. */
  record Single(Op op) implements Fused {
    @Override
    public List<Op> ops() {
      return List.of(op);
    }
  }

  /** Three products of one input, in one launch that reads it once: queries, keys and values. */
  record Projections(Op.MatMul query, Op.MatMul key, Op.MatMul value) implements Fused {
    @Override
    public List<Op> ops() {
      return List.of(query, key, value);
    }

    /** The matrices in the order in which they lie on top of one another. */
    List<Weight> weights() {
      return List.of(query.weight(), key.weight(), value.weight());
    }

    /** Their biases, or null if they have none. */
    @Nullable List<Weight> biases() {
      return query.bias() == null ? null : List.of(query.bias(), key.bias(), value.bias());
    }
  }

  /** Two products of one input and the gate that joins them. */
  record Gated(Op.MatMul gate, Op.MatMul up, Op.Gate join) implements Fused {
    @Override
    public List<Op> ops() {
      return List.of(gate, up, join);
    }
  }

  /** Queries and keys that are rotated by their positions, and the keys and values that are kept. */
  record RotateAndStore(Op.Rope query, Op.Rope key, Op.StoreKv store) implements Fused {
    @Override
    public List<Op> ops() {
      return List.of(query, key, store);
    }
  }

  /** A product that is added to the residual stream, and the norm ({@code LayerNorm} or {@code RmsNorm}) of the sum. */
  record ResidualNorm(Op.MatMul product, Op norm) implements Fused {
    @Override
    public List<Op> ops() {
      return List.of(product, norm);
    }
  }
}
