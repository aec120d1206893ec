package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.kernels.tensor.DType;
import org.jspecify.annotations.Nullable;

/** The few kinds of objects that a state dictionary's pickle can build. */
sealed interface PickleValue {

  /** Text, still in the file: it may be a key, or gigabytes of array data in protocol 2. */
  record Text(MemorySegment utf8) implements PickleValue {}

  /** Raw bytes in the file. */
  record Bytes(MemorySegment data) implements PickleValue {}

  /** Raw bytes that the file holds as text, one character per byte. */
  record Latin1(Text text) implements PickleValue {}

  record Whole(long value) implements PickleValue {}

  record Flag(boolean value) implements PickleValue {}

  /** None, a float, or anything else whose value nobody needs. */
  record Other(String what) implements PickleValue {}

  /** A list, which grows, or a tuple. */
  record Sequence(List<PickleValue> items) implements PickleValue {}

  record Dict(Map<String, PickleValue> items) implements PickleValue {
    Dict() {
      this(new LinkedHashMap<>());
    }
  }

  /** Something that REDUCE may call, or the class that is an argument of it. */
  enum Callable implements PickleValue {
    RECONSTRUCT,
    NDARRAY,
    DTYPE,
    ENCODE,
    ORDERED_DICT,
    TUPLE,
    SCALAR;

    /** The callable of that name, or null: whatever is not in this list is never called. */
    static @Nullable Callable of(String module, String name) {
      return switch (module + "." + name) {
        case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct" -> RECONSTRUCT;
        case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" -> SCALAR;
        case "numpy.ndarray" -> NDARRAY;
        case "numpy.dtype" -> DTYPE;
        case "_codecs.encode" -> ENCODE;
        case "collections.OrderedDict" -> ORDERED_DICT;
        case "builtins.tuple", "__builtin__.tuple" -> TUPLE;
        default -> null;
      };
    }
  }

  /** A numpy type; BUILD tells its byte order. */
  final class NumpyType implements PickleValue {
    final String code;
    @Nullable String byteOrder;

    NumpyType(String code) {
      this.code = code;
    }

    /** Bytes per value, or 0 if we do not know the type. */
    int bytes() {
      return switch (code) {
        case "b1", "i1", "u1" -> 1;
        case "f2", "i2", "u2" -> 2;
        case "f4", "i4", "u4" -> 4;
        case "f8", "i8", "u8" -> 8;
        default -> 0;
      };
    }

    /** The same in our words, or null if we cannot compute with it. */
    @Nullable DType type() {
      return switch (code) {
        case "f4" -> DType.F32;
        case "f2" -> DType.F16;
        // numpy has no bfloat16: PaddlePaddle stores its bits as unsigned numbers.
        case "u2" -> DType.BF16;
        default -> null;
      };
    }
  }

  /** A numpy array; BUILD tells everything about it. */
  final class NumpyArray implements PickleValue {
    long @Nullable [] shape;
    @Nullable NumpyType type;
    boolean fortran;
    @Nullable PickleValue data;
  }

  static Sequence sequence(List<PickleValue> items) {
    return new Sequence(new ArrayList<>(items));
  }
}
