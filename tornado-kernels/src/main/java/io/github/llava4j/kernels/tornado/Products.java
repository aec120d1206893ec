package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tornado.Stacks.Range;
import io.github.llava4j.kernels.tornado.kernel.BatchLayout;
import io.github.llava4j.kernels.tornado.kernel.Elementwise;
import io.github.llava4j.kernels.tornado.kernel.Linear;
import io.github.llava4j.kernels.tornado.kernel.Marks;
import io.github.llava4j.kernels.tornado.kernel.Norm;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Launches of products with matrices, of norms, and of what is fused with them. */
final class Products {

  private final Stacks stacks;
  private final IntArray batch;
  private final IntArray marks;

  Products(Stacks stacks, IntArray batch, IntArray marks) {
    this.stacks = stacks;
    this.batch = batch;
    this.marks = marks;
  }

  /** @param few whether there are few rows, which unpack each weight for themselves */
  Launch matMul(Op.MatMul op, Range range, boolean few) {
    return matMul(op, range, few, op.accumulate(), stacks.buffer(op.out()));
  }

  private Launch matMul(Op.MatMul op, Range range, boolean few, boolean accumulate, FloatArray out) {
    Matrix matrix = stacks.matrix(op.weight(), range);
    Extent extent = op.in().extent();
    int mode = (op.bias() != null ? Linear.BIAS : 0) + (accumulate ? Linear.ACCUMULATE : 0);
    FloatArray in = stacks.buffer(op.in());
    FloatArray bias = stacks.vector(op.bias(), range);
    if (few) {
      return Launch.of(
          "matVec", Marks.MAT_VEC, new Grid(shape -> shape.count(extent) * matrix.rows(), Linear.LANES),
          Linear::matVec, batch, marks, count(op.in()), in, matrix.floats(), matrix.ints(), bias, out, matrix.code(),
          matrix.columns(), matrix.rows(), matrix.stride(), mode);
    }
    return Launch.of(
        "matMul", Marks.MAT_MUL, tiled(extent, matrix), Linear::matMul, batch, marks, in, matrix.floats(),
        matrix.ints(), bias, out, stacks.unused(1), stacks.unused(2), matrix.columns(), matrix.rows(), 0,
        matrix.stride(), mode + Linear.EXTENT * count(op.in()) + Linear.FORMAT * matrix.code());
  }

  Launch projections(Fused.Projections op, Range range, boolean few) {
    Matrix matrix = stacks.matrix(op.weights(), range);
    FloatArray bias = op.biases() == null ? stacks.unused(0) : stacks.vector(op.biases(), range);
    int queries = op.query().weight().rows();
    int keys = op.key().weight().rows();
    int mode = (op.biases() != null ? Linear.BIAS : 0) + Linear.EXTENT * BatchLayout.ROWS + Linear.FORMAT * matrix.code();
    Launch.K15<IntArray, IntArray, FloatArray, FloatArray, IntArray, FloatArray, FloatArray, FloatArray, FloatArray,
        Integer, Integer, Integer, Integer, Integer> kernel = few ? Linear::projectionsMatVec : Linear::matMul;
    return Launch.of(
        few ? "projectionsMatVec" : "projectionsMatMul", few ? Marks.PROJECTIONS_MAT_VEC : Marks.MAT_MUL,
        few ? new Grid(shape -> shape.rows() * queries, Linear.LANES) : tiled(Extent.ROWS, matrix), kernel, batch,
        marks, stacks.buffer(op.query().in()), matrix.floats(), matrix.ints(), bias, stacks.buffer(op.query().out()),
        stacks.buffer(op.key().out()), stacks.buffer(op.value().out()), matrix.columns(), queries, keys,
        matrix.stride(), mode);
  }

  private static Grid tiled(Extent extent, Matrix matrix) {
    return new Grid(shape -> tiles(shape.count(extent)) * tiles(matrix.rows()), Linear.TILE_LANES);
  }

  private static int tiles(int count) {
    return (count + Linear.TILE - 1) / Linear.TILE;
  }

  List<Launch> gated(Fused.Gated op, Range range, boolean few) {
    if (!few) {
      return List.of(matMul(op.gate(), range, false), matMul(op.up(), range, false), gate(op.join()));
    }
    Matrix gates = stacks.matrix(op.gate().weight(), range);
    Matrix ups = stacks.matrix(op.up().weight(), range);
    return List.of(Launch.of(
        "gatedMatVec", Marks.GATED_MAT_VEC, new Grid(shape -> shape.rows() * gates.rows(), Linear.LANES),
        Linear::gatedMatVec, batch, marks, stacks.buffer(op.gate().in()), gates.floats(), gates.ints(), ups.floats(),
        ups.ints(), stacks.buffer(op.join().gate()), gates.code(), gates.columns(), gates.rows(), gates.stride(),
        function(op.join().function())));
  }

  Launch gate(Op.Gate op) {
    return Launch.of(
        "gate", Marks.GATE, Grid.items(shape -> shape.count(op.gate().extent()) * op.gate().width()),
        Elementwise::gate, batch, marks, count(op.gate()), stacks.buffer(op.gate()), stacks.buffer(op.up()),
        op.gate().width(), function(op.function()));
  }

  /** The product goes to a place of its own, from where the norm adds it. */
  List<Launch> residualNorm(Fused.ResidualNorm op, Range range, boolean few) {
    FloatArray added = stacks.scratch(stacks.size(op.product().out()));
    List<Launch> launches = new ArrayList<>(List.of(matMul(op.product(), range, few, false, added)));
    launches.add(switch (op.norm()) {
      case Op.RmsNorm(Buffer in, Weight scale, float eps, Buffer out) -> Launch.of(
          "addRmsNorm", Marks.ADD_RMS_NORM, group(in), Norm::addRms, batch, marks, stacks.buffer(in), added,
          stacks.vector(scale, range), stacks.buffer(out), in.width(), eps);
      case Op.LayerNorm(Buffer in, Weight scale, Weight shift, float eps, Buffer out) -> Launch.of(
          "addLayerNorm", Marks.ADD_LAYER_NORM, group(in), Norm::addLayer, batch, marks, stacks.buffer(in), added,
          stacks.vector(scale, range), stacks.vector(shift, range), stacks.buffer(out), in.width(), eps);
      default -> throw new IllegalStateException("no norm: " + op.norm());
    });
    return launches;
  }

  Launch rmsNorm(Op.RmsNorm op, Range range) {
    return Launch.of(
        "rmsNorm", Marks.RMS_NORM, group(op.in()), Norm::rms, batch, marks, stacks.buffer(op.in()),
        stacks.vector(op.scale(), range), stacks.buffer(op.out()), op.in().width(), op.eps());
  }

  Launch layerNorm(Op.LayerNorm op, Range range) {
    return Launch.of(
        "layerNorm", Marks.LAYER_NORM, group(op.in()), Norm::layer, batch, marks, stacks.buffer(op.in()),
        stacks.vector(op.scale(), range), stacks.vector(op.shift(), range), stacks.buffer(op.out()), op.in().width(),
        op.eps());
  }

  private static Grid group(Buffer buffer) {
    return new Grid(shape -> shape.count(buffer.extent()), Norm.LANES);
  }

  /** Where a kernel finds how many rows {@code buffer} has. */
  static int count(Buffer buffer) {
    return switch (buffer.extent()) {
      case ROWS -> BatchLayout.ROWS;
      case OUTPUTS -> BatchLayout.OUTPUTS;
      case SLOTS -> BatchLayout.SLOTS;
    };
  }

  /** The number by which kernels know {@code function}. */
  static int function(Op.Activation function) {
    return switch (function) {
      case QUICK_GELU -> Elementwise.QUICK_GELU;
      case GELU -> Elementwise.GELU;
      case SILU -> Elementwise.SILU;
    };
  }
}
