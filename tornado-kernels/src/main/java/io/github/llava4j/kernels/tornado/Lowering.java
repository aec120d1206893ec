package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tornado.Stacks.Range;
import io.github.llava4j.kernels.tornado.kernel.ArgMax;
import io.github.llava4j.kernels.tornado.kernel.Attention;
import io.github.llava4j.kernels.tornado.kernel.BatchLayout;
import io.github.llava4j.kernels.tornado.kernel.Elementwise;
import io.github.llava4j.kernels.tornado.kernel.Embedding;
import io.github.llava4j.kernels.tornado.kernel.KeyValues;
import io.github.llava4j.kernels.tornado.kernel.Marks;
import io.github.llava4j.kernels.tornado.kernel.Touch;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Turns a program into graphs: operations outside of repetitions into one graph, the body of a repetition into one that
 * runs once per layer (one for each stack of layers), each of them in a variant for few rows and one for many.
 */
final class Lowering {

  /** Up to so many rows each weight is unpacked for each row; beyond, once for a tile of rows. */
  static final int FEW = 4;

  private static final Range SINGLE = new Range(0, 1);

  private final Program program;
  private final Limits limits;
  private final DeviceArrays arrays;
  private final Stacks stacks;
  private final Fusion fusion;
  private final int capacity;
  private final IntArray batch;
  private final IntArray marks;
  private final Products products;
  private final List<Graph> graphs = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final Map<Buffer, Upload> uploads = new HashMap<>();
  private final Samples samples;
  private int copyGraph = -1;

  /**
   * How an input reaches the device.
   *
   * @param graph the graph that moves it from {@code stage}, which is sent, to the buffer, which stays
   * @param seal where the stage has the number of its order, behind the largest input
   */
  record Upload(int graph, FloatArray stage, int seal) {}

  /** Of each array that stays on the device, its first value as the device has it after the first graph. */
  record Samples(List<FloatArray> floats, FloatArray ofFloats, List<IntArray> ints, IntArray ofInts) {}

  Lowering(Program program, Limits limits, DeviceArrays arrays, @Nullable Format requantized) {
    this.program = program;
    this.limits = limits;
    this.arrays = arrays;
    this.stacks = new Stacks(limits, arrays, requantized);
    this.fusion = new Fusion(program, stacks);
    this.capacity = limits.rows();
    this.batch = new IntArray(BatchLayout.size(capacity));
    this.marks = newMarks();
    this.products = new Products(stacks, batch, marks);
    // The graph that touches all arrays comes first and is made last, when all are known.
    graphs.add(new Graph("init", List.of(), List.of()));
    program.outputs().forEach(stacks::buffer);
    program.inputs().forEach(this::addUpload);
    addSteps(program.ops());
    addCopy();
    samples = addTouch();
  }

  List<Graph> graphs() {
    return graphs;
  }

  List<Step> steps() {
    return steps;
  }

  Upload upload(Buffer input) {
    return uploads.get(input);
  }

  /** The graph that copies between slots, or -1 if there is no cache. */
  int copyGraph() {
    return copyGraph;
  }

  IntArray batch() {
    return batch;
  }

  /** What the kernels leave, see {@link Marks}. */
  IntArray marks() {
    return marks;
  }

  Samples samples() {
    return samples;
  }

  /** What the host reads. */
  List<TornadoNativeArray> read() {
    List<TornadoNativeArray> read = new ArrayList<>(List.of(marks, samples.ofFloats(), samples.ofInts()));
    program.outputs().forEach(output -> read.add(buffer(output)));
    return read;
  }

  FloatArray buffer(Buffer buffer) {
    return stacks.buffer(buffer);
  }

  List<Stacks.Pending> pending() {
    return stacks.pending();
  }

  private Graph graph(String name, List<Launch> launches, TornadoNativeArray... fresh) {
    List<TornadoNativeArray> sent = new ArrayList<>(List.of(fresh));
    sent.add(batch);
    return new Graph(name, launches, sent);
  }

  private void addUpload(Buffer input) {
    FloatArray buffer = stacks.buffer(input);
    FloatArray stage = arrays.sent("input " + input.name(), stacks.size(input));
    int seal = Math.toIntExact(stacks.size(input) - 1);
    uploads.put(input, new Upload(graphs.size(), stage, seal));
    graphs.add(graph("upload" + graphs.size(), List.of(Launch.of(
        "copy", Marks.COPY, Grid.items(shape -> shape.count(input.extent()) * input.width()),
        Elementwise::copy, batch, marks, Products.count(input), stage, buffer, input.width(), seal)), stage));
  }

  private void addSteps(List<Op> ops) {
    List<Op> segment = new ArrayList<>();
    for (Op op : ops) {
      if (op instanceof Op.Repeat(int times, List<Op> body)) {
        addStep(fusion.of(segment), SINGLE);
        segment.clear();
        List<Fused> parts = fusion.of(body);
        int most = stacks.layersPerStack(parts, times);
        for (int first = 0; first < times; first += most) {
          addStep(parts, new Range(first, Math.min(most, times - first)));
        }
      } else {
        segment.add(op);
      }
    }
    addStep(fusion.of(segment), SINGLE);
  }

  private void addStep(List<Fused> parts, Range range) {
    if (parts.isEmpty()) {
      return;
    }
    Set<Extent> sizedBy = EnumSet.noneOf(Extent.class);
    for (Fused part : parts) {
      for (Op op : part.ops()) {
        if (op instanceof Op.MatMul matMul) {
          sizedBy.add(matMul.in().extent());
        } else if (op instanceof Op.CachedAttention) {
          sizedBy.add(Extent.ROWS);
        }
      }
    }
    int few = addVariant("few", parts, range, true);
    int many = sizedBy.isEmpty() ? few : addVariant("many", parts, range, false);
    steps.add(new Step(few, many, sizedBy, range.first(), range.layers()));
  }

  private int addVariant(String name, List<Fused> parts, Range range, boolean few) {
    List<Launch> launches = new ArrayList<>();
    for (Fused part : parts) {
      launches.addAll(switch (part) {
        case Fused.Single(Op op) -> lower(op, range, few);
        case Fused.Projections projections -> List.of(products.projections(projections, range, few));
        case Fused.Gated gated -> products.gated(gated, range, few);
        case Fused.RotateAndStore op -> List.of(rotateAndStore(op, range));
        case Fused.ResidualNorm norm -> products.residualNorm(norm, range, few);
      });
    }
    graphs.add(graph(name + graphs.size(), launches));
    return graphs.size() - 1;
  }

  private List<Launch> lower(Op op, Range range, boolean few) {
    return switch (op) {
      case Op.Repeat repeat -> throw new UnsupportedOperationException(
          "the tornado backend does not run a repetition within a repetition (" + program.name() + ")");
      case Op.Embed embed -> List.of(embed(embed, range));
      case Op.PatchEmbed embed -> List.of(patchEmbed(embed, range));
      case Op.LayerNorm norm -> List.of(products.layerNorm(norm, range));
      case Op.RmsNorm norm -> List.of(products.rmsNorm(norm, range));
      case Op.MatMul matMul -> List.of(products.matMul(matMul, range, few));
      case Op.Rope(Buffer x, int heads, int headDim, float theta, Op.RopeLayout layout) -> List.of(Launch.of(
          "rope", Marks.ROPE, Grid.items(shape -> shape.rows() * heads * (headDim / 2)), Elementwise::rope, batch,
          marks, BatchLayout.positions(capacity), stacks.buffer(x), stacks.rotations(headDim, theta), heads, headDim,
          interleaved(layout)));
      case Op.StoreKv(Buffer keys, Buffer values, KvCache shape) -> {
        Stacks.Cache cache = stacks.cache(shape, range);
        yield List.of(Launch.of(
            "storeKv", Marks.STORE_KV, Grid.items(run -> run.rows() * shape.width()), KeyValues::store, batch, marks,
            capacity, stacks.buffer(keys), stacks.buffer(values), cache.keys(), cache.values(), shape.width(),
            limits.slots(), limits.context()));
      }
      case Op.CachedAttention attention -> cachedAttention(attention, range, few);
      case Op.SelfAttention(Buffer query, Buffer key, Buffer value, int heads, Buffer out) -> {
        int headDim = query.width() / heads;
        checkHead(headDim);
        yield List.of(Launch.of(
            "selfAttention", Marks.ATTENTION, new Grid(shape -> shape.tiles() * heads, Attention.TILE_LANES),
            Attention::tiled, batch, marks, capacity, stacks.buffer(query), stacks.buffer(key), stacks.buffer(value),
            stacks.buffer(out), heads, heads, headDim, 0, 0, 0));
      }
      case Op.Activate(Op.Activation function, Buffer x) -> List.of(Launch.of(
          "activate", Marks.ACTIVATE, Grid.items(shape -> shape.count(x.extent()) * x.width()), Elementwise::activate,
          batch, marks, Products.count(x), stacks.buffer(x), x.width(), Products.function(function)));
      case Op.Gate gate -> List.of(products.gate(gate));
      case Op.Select(Buffer in, Buffer out) -> List.of(pick(in, out, 0, 0));
      case Op.ArgMax(Buffer in, Buffer out) -> List.of(Launch.of(
          "argMax", Marks.ARG_MAX, new Grid(shape -> shape.count(in.extent()), ArgMax.LANES), ArgMax::column, batch,
          marks, stacks.buffer(in), stacks.buffer(out), in.width()));
      case Op.Capture(Buffer in, Buffer out, int firstColumn) -> List.of(pick(in, out, firstColumn, in.width()));
    };
  }

  private Launch rotateAndStore(Fused.RotateAndStore op, Range range) {
    Op.Rope query = op.query();
    Stacks.Cache cache = stacks.cache(op.store().cache(), range);
    int heads = query.heads();
    int kvHeads = op.key().heads();
    int headDim = query.headDim();
    return Launch.of(
        "rotateAndStore", Marks.ROTATE_AND_STORE, Grid.items(shape -> shape.rows() * (heads + kvHeads) * (headDim / 2)),
        KeyValues::rotateAndStore, batch, marks, capacity, stacks.buffer(query.x()), stacks.buffer(op.key().x()),
        stacks.buffer(op.store().values()), cache.keys(), cache.values(), stacks.rotations(headDim, query.theta()),
        heads, kvHeads, 2 * headDim + interleaved(query.layout()), limits.slots(), limits.context());
  }

  private static int interleaved(Op.RopeLayout layout) {
    return layout == Op.RopeLayout.INTERLEAVED ? 1 : 0;
  }

  private Launch embed(Op.Embed op, Range range) {
    requireSingle(op.table(), range);
    Matrix table = stacks.matrix(op.table(), range);
    return Launch.of(
        "embed", Marks.EMBED, Grid.items(shape -> shape.rows() * op.out().width()), Embedding::embed, batch, marks,
        BatchLayout.tokens(capacity), table.floats(), table.ints(), stacks.buffer(op.given()), stacks.buffer(op.out()),
        table.code(), op.out().width(), table.stride());
  }

  private Launch patchEmbed(Op.PatchEmbed op, Range range) {
    requireSingle(op.kernel(), range);
    Matrix kernel = stacks.matrix(op.kernel(), range);
    int width = op.out().width();
    return Launch.of(
        "patchEmbed", Marks.PATCH_EMBED, Grid.items(shape -> shape.rows() * width), Embedding::patch, batch, marks,
        capacity, stacks.buffer(op.pixels()), kernel.floats(), kernel.ints(), stacks.vector(op.classToken(), range),
        stacks.vector(op.positions(), range), stacks.buffer(op.out()), kernel.code(), kernel.stride(), op.imageSize(),
        op.patchSize(), width);
  }

  /** The kernels that programs begin with know no layers. */
  private void requireSingle(Weight weight, Range range) {
    if (range != SINGLE) {
      throw new UnsupportedOperationException(
          "the tornado backend does not embed within a repetition (" + weight.name() + " of " + program.name() + ")");
    }
  }

  private List<Launch> cachedAttention(Op.CachedAttention op, Range range, boolean few) {
    Stacks.Cache cache = stacks.cache(op.cache(), range);
    int heads = op.heads();
    int kvHeads = op.cache().kvHeads();
    int headDim = op.cache().headDim();
    checkHead(headDim);
    FloatArray query = stacks.buffer(op.query());
    FloatArray out = stacks.buffer(op.out());
    if (!few) {
      return List.of(Launch.of(
          "attention", Marks.ATTENTION, new Grid(shape -> shape.tiles() * heads, Attention.TILE_LANES),
          Attention::tiled, batch, marks, capacity, query, cache.keys(), cache.values(), out, heads, kvHeads, headDim,
          op.window(), limits.slots(), limits.context()));
    }
    long chunks = (limits.context() + Attention.CHUNK - 1) / Attention.CHUNK;
    FloatArray partials = stacks.scratch(Math.min(FEW, limits.rows()) * heads * chunks * (headDim + 2));
    return List.of(
        Launch.of(
            "attentionChunk", Marks.ATTENTION_CHUNK, new Grid(shape -> shape.rows() * heads * shape.chunks(), Attention.CHUNK),
            Attention::chunk, batch, marks, capacity, query, cache.keys(), cache.values(), partials, heads, kvHeads,
            headDim, op.window(), limits.slots(), limits.context()),
        Launch.of(
            "attentionCombine", Marks.ATTENTION_COMBINE, Grid.items(shape -> shape.rows() * heads * headDim),
            Attention::combine, batch, marks, partials, out, heads, headDim));
  }

  private void checkHead(int headDim) {
    if (headDim > Attention.MAX_HEAD_DIM) {
      throw new UnsupportedOperationException(
          "the tornado backend runs attention heads of up to " + Attention.MAX_HEAD_DIM + " values, not " + headDim
              + " (" + program.name() + ")");
    }
  }

  private Launch pick(Buffer in, Buffer out, int column, int step) {
    return Launch.of(
        "pick", Marks.PICK, Grid.items(shape -> shape.outputs() * in.width()), Elementwise::pick, batch, marks,
        BatchLayout.outputs(capacity), stacks.buffer(in), stacks.buffer(out), in.width(), out.width(), column, step);
  }

  private void addCopy() {
    List<Launch> launches = new ArrayList<>();
    for (Stacks.Cache cache : stacks.caches()) {
      int width = cache.shape().width();
      launches.add(Launch.of(
          "copySlot", Marks.COPY_SLOT, Grid.items(shape -> shape.copied() * width), KeyValues::copy, batch, marks,
          cache.keys(), cache.values(), cache.range().layers(), width, limits.slots(), limits.context()));
    }
    if (!launches.isEmpty()) {
      copyGraph = graphs.size();
      graphs.add(graph("copySlots", launches));
    }
  }

  private IntArray newMarks() {
    IntArray fresh = arrays.ints("marks", Marks.SIZE);
    if (!arrays.planning()) {
      fresh.set(Marks.SEAL, Marks.SEALED);
    }
    return fresh;
  }

  private Samples addTouch() {
    List<FloatArray> f = List.copyOf(arrays.floats());
    List<IntArray> n = List.copyOf(arrays.ints());
    FloatArray ofFloats = arrays.floats("samples", f.size() + Touch.ARRAYS);
    IntArray ofInts = arrays.ints("samples", n.size() + Touch.ARRAYS);
    // What a launch that is refused leaves.
    ofFloats.init(Float.NaN);
    ofInts.init(Marks.SEALED);
    List<Launch> launches = new ArrayList<>();
    for (int i = 0; i < f.size(); i += Touch.ARRAYS) {
      launches.add(Launch.of(
          "touchFloats", Marks.NONE, Grid.one(), Touch::floats,
          f.get(i), nth(f, i + 1), nth(f, i + 2), nth(f, i + 3), nth(f, i + 4), nth(f, i + 5), nth(f, i + 6),
          nth(f, i + 7), nth(f, i + 8), nth(f, i + 9), nth(f, i + 10), nth(f, i + 11), ofFloats, i));
    }
    for (int i = 0; i < n.size(); i += Touch.ARRAYS) {
      launches.add(Launch.of(
          "touchInts", Marks.NONE, Grid.one(), Touch::ints,
          n.get(i), nth(n, i + 1), nth(n, i + 2), nth(n, i + 3), nth(n, i + 4), nth(n, i + 5), nth(n, i + 6),
          nth(n, i + 7), nth(n, i + 8), nth(n, i + 9), nth(n, i + 10), nth(n, i + 11), ofInts, i));
    }
    graphs.set(0, new Graph("init", launches, List.of()));
    return new Samples(f, ofFloats, n, ofInts);
  }

  private static <T> T nth(List<T> list, int index) {
    return list.get(Math.min(index, list.size() - 1));
  }
}
