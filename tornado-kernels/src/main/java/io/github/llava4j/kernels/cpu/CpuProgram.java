package io.github.llava4j.kernels.cpu;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.kernels.AbortFlag;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.CompileOptions;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.RopeTable;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Runs a program op by op on the heap with the {@link CpuKernels} it is given: what the CPU backends share. */
final class CpuProgram implements Compiled {

  private final Program program;
  private final Limits limits;
  private final KvType kvType;
  private final CpuKernels kernels;
  private final Workers workers;
  private final AbortFlag abort;
  private final Map<Buffer, float[]> buffers = new HashMap<>();
  private final Map<KvCache, KvStore> caches = new HashMap<>();
  /** Norm scales, biases and the like as float32; matrices stay where they are. */
  private final Map<Tensor, float[]> vectors = new IdentityHashMap<>();
  private final Map<Tensor, CpuMatrix> matrices = new IdentityHashMap<>();

  private boolean closed;

  CpuProgram(Program program, CompileOptions options, CpuKernels kernels, Workers workers) {
    this.program = program;
    this.limits = options.limits();
    this.kvType = options.kvType();
    this.kernels = kernels;
    this.workers = workers;
    this.abort = new AbortFlag(program.name());
    prepare(program.ops());
  }

  private void prepare(List<Op> ops) {
    for (Op op : ops) {
      switch (op) {
        case Op.Repeat repeat -> prepare(repeat.body());
        case Op.MatMul matMul ->
            matMul.weight().layers().forEach(tensor -> matrices.computeIfAbsent(tensor, kernels::prepare));
        case Op.PatchEmbed embed -> embed.kernel().layers().forEach(tensor -> matrices.computeIfAbsent(
            tensor, kernel -> kernels.prepare(kernel.reshaped(kernel.rows(), kernel.columns()))));
        default -> { }
      }
    }
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
    checkOpen();
    limits.check(program, batch, inputs, wanted);
    program.inputs().forEach(input -> buffers.put(input, inputs.get(input)));
    Map<Buffer, float[]> results = new HashMap<>();
    for (Buffer output : wanted) {
      float[] rows = new float[batch.count(output.extent()) * output.width()];
      buffers.put(output, rows);
      results.put(output, rows);
    }
    try {
      // Programs of one backend take turns: they share its threads and their scratch memory.
      workers.run(abort, () -> new Run(batch).all(program.ops(), 0));
    } finally {
      // Neither the caller's arrays nor those handed out may be seen by a later run.
      program.inputs().forEach(buffers::remove);
      wanted.forEach(buffers::remove);
    }
    return results;
  }

  @Override
  public void copySlot(int from, int to, int length) {
    checkOpen();
    caches.values().forEach(cache -> cache.copySlot(from, to, length, abort));
  }

  @Override
  public void abort() {
    abort.raise();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(program.name() + " is closed");
    }
    abort.check();
  }

  @Override
  public void close() {
    closed = true;
    caches.values().forEach(KvStore::close);
    caches.clear();
    buffers.clear();
    vectors.clear();
    matrices.clear();
  }

  private float @Nullable [] vector(@Nullable Weight weight, int layer) {
    return weight == null ? null : vectors.computeIfAbsent(weight.layers().get(layer), Tensor::toFloats);
  }

  private CpuMatrix matrix(Weight weight, int layer) {
    return matrices.get(weight.layers().get(layer));
  }

  /** The state of one run: its batch, and the rotations that all layers share. */
  private final class Run {
    private final Batch batch;
    private final int rows;
    private @Nullable RopeTable rotations;

    Run(Batch batch) {
      this.batch = batch;
      this.rows = batch.rows();
    }

    void all(List<Op> ops, int layer) {
      for (Op op : ops) {
        abort.check();
        run(op, layer);
      }
    }

    private void run(Op op, int layer) {
      switch (op) {
        case Op.Repeat repeat -> {
          for (int round = 0; round < repeat.times(); round++) {
            all(repeat.body(), round);
          }
        }
        case Op.Embed embed -> embed(embed, layer);
        case Op.PatchEmbed embed -> patchEmbed(embed, layer);
        case Op.LayerNorm(Buffer in, Weight scale, Weight shift, float eps, Buffer out) ->
            kernels.layerNorm(at(in), count(in), vector(scale, layer), vector(shift, layer), eps, at(out));
        case Op.RmsNorm(Buffer in, Weight scale, float eps, Buffer out) ->
            kernels.rmsNorm(at(in), count(in), vector(scale, layer), eps, at(out));
        case Op.MatMul(Buffer in, Weight weight, Weight bias, boolean accumulate, Buffer out) ->
            matrix(weight, layer).multiply(at(in), count(in), vector(bias, layer), accumulate, at(out));
        case Op.Rope(Buffer x, int heads, int headDim, float theta, Op.RopeLayout layout) -> {
          if (rotations == null || !rotations.fits(headDim, theta)) {
            rotations = new RopeTable(batch.positions(), headDim, theta);
          }
          kernels.rope(at(x), rows, heads, headDim, rotations.cos(), rotations.sin(), layout);
        }
        case Op.StoreKv(Buffer keys, Buffer values, KvCache shape) -> {
          KvStore cache = cache(shape);
          for (int row = 0; row < rows; row++) {
            cache.store(
                layer, batch.slots()[row], batch.positions()[row], at(keys), at(values), row * shape.width());
          }
        }
        case Op.CachedAttention(Buffer query, KvCache cache, int heads, int window, Buffer out) ->
            kernels.cachedAttention(
                at(query), rows, batch.slots(), batch.positions(), cache(cache), layer, heads, window, at(out));
        case Op.SelfAttention(Buffer query, Buffer key, Buffer value, int heads, Buffer out) ->
            kernels.selfAttention(
                at(query), at(key), at(value), rows, batch.slots(), heads, query.width(), at(out));
        case Op.Activate(Op.Activation function, Buffer x) ->
            kernels.activate(function, at(x), count(x) * x.width());
        case Op.Gate(Op.Activation function, Buffer gate, Buffer up) ->
            kernels.gate(function, at(gate), at(up), count(gate) * gate.width());
        case Op.Select(Buffer in, Buffer out) -> copyOutputs(in, out, 0);
        case Op.ArgMax(Buffer in, Buffer out) -> {
          for (int row = 0; row < count(in); row++) {
            at(out)[row] = Op.ArgMax.columnOf(at(in), row * in.width(), in.width());
          }
        }
        case Op.Capture(Buffer in, Buffer out, int firstColumn) ->
            copyOutputs(in, out, firstColumn + layer * in.width());
      }
    }

    private void embed(Op.Embed op, int layer) {
      Tensor table = op.table().layers().get(layer);
      float[] given = at(op.given());
      float[] out = at(op.out());
      int width = op.out().width();
      for (int row = 0; row < rows; row++) {
        int token = batch.tokens()[row];
        if (token < 0) {
          System.arraycopy(given, row * width, out, row * width, width);
        } else if (token < table.rows()) {
          table.readRow(token, out, row * width);
        } else {
          throw new IllegalArgumentException("token " + token + " is beyond the " + table.rows() + " rows of " + table.name());
        }
      }
    }

    private void patchEmbed(Op.PatchEmbed op, int layer) {
      int width = op.out().width();
      int patch = op.patchSize();
      int size = op.imageSize();
      int grid = size / patch;
      int patchValues = 3 * patch * patch;
      float[] pixels = at(op.pixels());
      float[] patches = new float[rows * patchValues];
      for (int row = 0; row < rows; row++) {
        int position = batch.positions()[row];
        if (position > 0) {
          int y = (position - 1) / grid * patch;
          int x = (position - 1) % grid * patch;
          for (int line = 0; line < 3 * patch; line++) {
            int channel = line / patch;
            int from = ((batch.slots()[row] * 3 + channel) * size + y + line % patch) * size + x;
            System.arraycopy(pixels, from, patches, row * patchValues + line * patch, patch);
          }
        }
      }
      float[] out = at(op.out());
      matrix(op.kernel(), layer).multiply(patches, rows, null, false, out);
      float[] classToken = vector(op.classToken(), layer);
      float[] positions = vector(op.positions(), layer);
      for (int row = 0; row < rows; row++) {
        int position = batch.positions()[row];
        for (int i = 0; i < width; i++) {
          float patchValue = position == 0 ? classToken[i] : out[row * width + i];
          out[row * width + i] = patchValue + positions[position * width + i];
        }
      }
    }

    private void copyOutputs(Buffer in, Buffer out, int column) {
      float[] from = at(in);
      float[] to = at(out);
      for (int i = 0; i < batch.outputs().length; i++) {
        System.arraycopy(
            from, batch.outputs()[i] * in.width(), to, i * out.width() + column, in.width());
      }
    }

    private int count(Buffer buffer) {
      return batch.count(buffer.extent());
    }

    private float[] at(Buffer buffer) {
      float[] rows = buffers.get(buffer);
      int needed = count(buffer) * buffer.width();
      if (rows == null || rows.length < needed) {
        rows = new float[needed];
        buffers.put(buffer, rows);
      }
      return rows;
    }

    private KvStore cache(KvCache shape) {
      return caches.computeIfAbsent(shape, s -> new KvStore(s, limits.slots(), limits.context(), kvType));
    }
  }
}
