package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.cpu.RopeTable;
import io.github.llava4j.kernels.tensor.Tensor;
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

  /** Cosines and sines, [context, headDim / 2] each. */
  record Rotations(FloatArray cos, FloatArray sin) {}

  /** One tensor that is still to be brought to its array. */
  record Pending(Tensor tensor, Runnable write) {}

  private record WeightKey(Weight weight, Range range) {}

  private record CacheKey(KvCache cache, Range range) {}

  private record RotationKey(int headDim, float theta) {}

  /** Kernels read one value beyond an odd row of halves. */
  private static final int PADDING = 1;

  private final Limits limits;
  private final DeviceArrays arrays;
  private final Format requantized;
  private final Map<WeightKey, Matrix> matrices = new HashMap<>();
  private final Map<WeightKey, FloatArray> vectors = new HashMap<>();
  private final Map<CacheKey, Cache> caches = new HashMap<>();
  private final Map<RotationKey, Rotations> rotations = new HashMap<>();
  private final Map<Buffer, FloatArray> buffers = new HashMap<>();
  private final Map<Long, FloatArray> scratch = new HashMap<>();
  private final List<Pending> pending = new ArrayList<>();
  /** Stand in for arguments that a kernel does not use. */
  private final FloatArray noFloats;
  private final IntArray noInts;

  /** @param requantized what becomes of types that no kernel reads, or null if they are refused */
  Stacks(Limits limits, DeviceArrays arrays, Format requantized) {
    this.limits = limits;
    this.arrays = arrays;
    this.requantized = requantized;
    noFloats = arrays.floats("nothing", 1);
    noInts = arrays.ints("nothing", 1);
  }

  FloatArray noFloats() {
    return noFloats;
  }

  List<Pending> pending() {
    return pending;
  }

  Iterable<Cache> caches() {
    return caches.values();
  }

  /** How many layers of such operations fit one stack: no array may be larger than an index or the device allows. */
  int layersPerStack(List<Op> body, int layers) {
    long largest = 1;
    for (Op op : body) {
      for (Object part : op.parts()) {
        largest = Math.max(largest, switch (part) {
          case Weight weight -> perLayer(op, weight);
          case KvCache cache -> (long) limits.slots() * limits.context() * cache.width();
          default -> 1L;
        });
      }
    }
    return Math.clamp(arrays.capacity() / largest, 1, layers);
  }

  private long perLayer(Op op, Weight weight) {
    if (!(op instanceof Op.MatMul matMul && matMul.weight() == weight)) {
      return weight.layers().getFirst().count();
    }
    Format format = format(weight);
    return (long) weight.rows() * Math.max(format.floats(weight.columns()), format.ints(weight.columns()));
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

  Rotations rotations(int headDim, float theta) {
    return rotations.computeIfAbsent(new RotationKey(headDim, theta), key -> {
      long size = (long) limits.context() * (headDim / 2);
      Rotations table = new Rotations(arrays.floats("cosines", size), arrays.floats("sines", size));
      if (!arrays.planning()) {
        int[] positions = new int[limits.context()];
        for (int i = 0; i < positions.length; i++) {
          positions[i] = i;
        }
        RopeTable host = new RopeTable(positions, headDim, theta);
        fill(table.cos(), 0, host.cos());
        fill(table.sin(), 0, host.sin());
      }
      return table;
    });
  }

  /** Biases, scales of norms and the like, as float32: [layers, count]; an unused array for null. */
  FloatArray vector(Weight weight, Range range) {
    if (weight == null) {
      return noFloats;
    }
    return vectors.computeIfAbsent(new WeightKey(weight, range), key -> {
      int count = Math.toIntExact(weight.layers().getFirst().count());
      FloatArray array = arrays.floats(weight.name(), (long) range.layers() * count);
      for (int layer = 0; layer < range.layers(); layer++) {
        Tensor tensor = weight.layers().get(range.first() + layer);
        int at = layer * count;
        pending.add(new Pending(tensor, () -> fill(array, at, tensor.toFloats())));
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
    return matrices.computeIfAbsent(new WeightKey(weight, range), key -> {
      Format format = format(weight);
      long rows = (long) range.layers() * weight.rows();
      int columns = weight.columns();
      int stride = format.stride(columns);
      long floats = rows * format.floats(columns);
      long ints = rows * format.ints(columns);
      Matrix matrix = new Matrix(
          format, floats == 0 ? noFloats : arrays.floats(weight.name(), floats),
          ints == 0 ? noInts : arrays.ints(weight.name(), ints), weight.rows(), columns, stride);
      for (int layer = 0; layer < range.layers(); layer++) {
        Tensor tensor = weight.layers().get(range.first() + layer);
        int index = layer;
        pending.add(new Pending(tensor, () -> new MatrixWriter(matrix, index).write(tensor)));
      }
      return matrix;
    });
  }

  /** One format for all layers that loses nothing, or else the one that the user has agreed to. */
  private Format format(Weight weight) {
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
