package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.RopeTable;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What a program keeps on the device. Parameters and caches of the layers of a {@link Range} are stacked in one array
 * each, so that one compiled kernel serves all of them.
 */
final class Stacks {

  /** Consecutive layers whose parameters share arrays. */
  record Range(int first, int layers) {}

  /** The keys and values of a range of layers, [layers, slots, context, width] each. */
  record Cache(KvCache shape, Range range, FloatArray keys, FloatArray values) {}

  /** One tensor that is still to be brought to its array. */
  record Pending(Tensor tensor, Runnable write) {}

  /** @param parts matrices or vectors on top of one another */
  private record WeightKey(List<Weight> parts, Range range) {}

  private record CacheKey(KvCache cache, Range range) {}

  private record RotationKey(int headDim, float theta) {}

  /** Kernels read one value beyond an odd row of halves. */
  private static final int PADDING = 1;

  private static final int UNUSED = 3;

  private final Limits limits;
  private final DeviceArrays arrays;
  private final @Nullable Format requantized;
  private final Map<WeightKey, Matrix> matrices = new HashMap<>();
  private final Map<WeightKey, FloatArray> vectors = new HashMap<>();
  private final Map<CacheKey, Cache> caches = new HashMap<>();
  private final Map<RotationKey, FloatArray> rotations = new HashMap<>();
  private final Map<Buffer, FloatArray> buffers = new HashMap<>();
  private final Map<Long, FloatArray> scratch = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  /** Stand in for arguments that a kernel does not use. */
  private final List<FloatArray> unused = new ArrayList<>();
  private final IntArray noInts;

  /** @param requantized what becomes of types that no kernel reads, or null if they are refused */
  Stacks(Limits limits, DeviceArrays arrays, @Nullable Format requantized) {
    this.limits = limits;
    this.arrays = arrays;
    this.requantized = requantized;
    for (int i = 0; i < UNUSED; i++) {
      unused.add(arrays.floats("nothing", 1));
    }
    noInts = arrays.ints("nothing", 1);
  }

  /**
   * Stands in for an argument that a kernel does not use, but might write to for all that TornadoVM sees: such a kernel
   * gets each number once. Number 0 is for what is only read.
   */
  FloatArray unused(int number) {
    return unused.get(number);
  }

  List<Pending> pending() {
    return pending;
  }

  Iterable<Cache> caches() {
    return caches.values();
  }

  /** How many layers of such parts fit one stack: no array may be larger than an index or the device allows. */
  int layersPerStack(List<Fused> body, int layers) {
    long largest = 1;
    for (Fused part : body) {
      if (part instanceof Fused.Projections projections) {
        largest = Math.max(largest, perLayer(projections.weights()));
      }
      for (Op op : part.ops()) {
        largest = Math.max(largest, perLayer(op));
      }
    }
    return Math.clamp(arrays.capacity() / largest, 1, layers);
  }

  private long perLayer(Op op) {
    long largest = 1;
    for (Weight weight : op.weights()) {
      boolean matrix = op instanceof Op.MatMul matMul && matMul.weight() == weight;
      largest = Math.max(largest, matrix ? perLayer(List.of(weight)) : weight.layers().getFirst().count());
    }
    for (KvCache cache : op.caches()) {
      largest = Math.max(largest, (long) limits.slots() * limits.context() * cache.width());
    }
    return largest;
  }

  private long perLayer(List<Weight> matrices) {
    int columns = matrices.getFirst().columns();
    Format format = format(matrices.getFirst());
    return rows(matrices) * Math.max(format.floats(columns), format.ints(columns));
  }

  private static long rows(List<Weight> matrices) {
    return matrices.stream().mapToLong(Weight::rows).sum();
  }

  FloatArray buffer(Buffer buffer) {
    return buffers.computeIfAbsent(buffer, b -> arrays.floats("buffer " + b.name(), size(b)));
  }

  /** Values of a buffer at the limits. */
  long size(Buffer buffer) {
    int rows = buffer.extent() == Buffer.Extent.SLOTS ? limits.slots() : limits.rows();
    return (long) rows * buffer.width() + PADDING;
  }

  /** Room for what a kernel leaves for the next one. */
  FloatArray scratch(long size) {
    return scratch.computeIfAbsent(size, s -> arrays.floats("scratch", s));
  }

  Cache cache(KvCache shape, Range range) {
    return caches.computeIfAbsent(new CacheKey(shape, range), key -> {
      long size = (long) range.layers() * limits.slots() * limits.context() * shape.width();
      return new Cache(shape, range, arrays.floats("keys", size), arrays.floats("values", size));
    });
  }

  /** [context, headDim]: of each position the cosines of its angles, then their sines. */
  FloatArray rotations(int headDim, float theta) {
    return rotations.computeIfAbsent(new RotationKey(headDim, theta), key -> {
      FloatArray table = arrays.floats("rotations", (long) limits.context() * headDim);
      if (!arrays.planning()) {
        RopeTable host = new RopeTable(IntStream.range(0, limits.context()).toArray(), headDim, theta);
        int half = headDim / 2;
        for (int i = 0; i < host.cos().length; i++) {
          int at = i / half * headDim + i % half;
          table.set(at, host.cos()[i]);
          table.set(at + half, host.sin()[i]);
        }
      }
      return table;
    });
  }

  /** Biases, scales of norms and the like, as float32: [layers, count]; an unused array for null. */
  FloatArray vector(@Nullable Weight weight, Range range) {
    return weight == null ? unused(0) : vector(List.of(weight), range);
  }

  /** Vectors one after the other, as float32: [layers, all their counts]. */
  FloatArray vector(List<Weight> parts, Range range) {
    return vectors.computeIfAbsent(new WeightKey(parts, range), key -> {
      long count = parts.stream().mapToLong(part -> part.layers().getFirst().count()).sum();
      FloatArray array = arrays.floats(parts.getFirst().name(), range.layers() * count);
      int at = 0;
      for (int layer = 0; layer < range.layers(); layer++) {
        for (Weight part : parts) {
          Tensor tensor = part.layers().get(range.first() + layer);
          int from = at;
          pending.add(new Pending(tensor, () -> fill(array, from, tensor.toFloats())));
          at += Math.toIntExact(tensor.count());
        }
      }
      return array;
    });
  }

  private static void fill(FloatArray array, int at, float[] values) {
    for (int i = 0; i < values.length; i++) {
      array.set(at + i, values[i]);
    }
  }

  Matrix matrix(Weight weight, Range range) {
    return matrix(List.of(weight), range);
  }

  /** Matrices of one format and width on top of one another, so that one kernel multiplies with all of them. */
  Matrix matrix(List<Weight> parts, Range range) {
    return matrices.computeIfAbsent(new WeightKey(parts, range), key -> {
      Weight first = parts.getFirst();
      Format format = format(first);
      int columns = first.columns();
      int rows = Math.toIntExact(rows(parts));
      long floats = (long) range.layers() * rows * format.floats(columns);
      long ints = (long) range.layers() * rows * format.ints(columns);
      Matrix matrix = new Matrix(
          format, floats == 0 ? unused(0) : arrays.floats(first.name(), floats),
          ints == 0 ? noInts : arrays.ints(first.name(), ints), rows, columns, format.stride(columns));
      long row = 0;
      for (int layer = 0; layer < range.layers(); layer++) {
        for (Weight part : parts) {
          Tensor tensor = part.layers().get(range.first() + layer);
          long from = row;
          pending.add(new Pending(tensor, () -> new MatrixWriter(matrix, from).write(tensor)));
          row += part.rows();
        }
      }
      return matrix;
    });
  }

  /** One format for all layers that loses nothing, or else the one that the user has agreed to. */
  Format format(Weight weight) {
    Set<Format> formats = new TreeSet<>();
    for (Tensor tensor : weight.layers()) {
      Format format = Format.of(tensor.type());
      formats.add(format != null ? format : agreed(tensor, tensor.type().name()));
    }
    if (formats.size() == 1) {
      return formats.iterator().next();
    }
    if (formats.equals(Set.of(Format.F32, Format.F16))) {
      return Format.F32;
    }
    return agreed(weight.layers().getFirst(), "a mixture of " + formats);
  }

  private Format agreed(Tensor tensor, String type) {
    if (requantized == null) {
      throw new UnsupportedOperationException(
          "the tornado backend has no kernel for " + tensor.name() + " in " + type + "; it runs F32, F16, BF16, Q8_0"
              + " and Q4_0. -D" + TornadoBackend.REQUANTIZE + "=q8_0 (or f16, f32) rewrites other types");
    }
    boolean whole = tensor.columns() % requantized.type().blockLength() == 0;
    return whole ? requantized : Format.F32;
  }
}
