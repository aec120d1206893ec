package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

import io.github.llava4j.CheckpointException;

/**
 * The key-value pairs of a GGUF file. Values are decoded when asked for; a value of another type than the one asked for
 * is a {@link CheckpointException} that names the key. Valid while the checkpoint is open.
 */
public final class GgufMetadata {

  /** The file format's value types, in the order of their numbers. */
  enum ValueType {
    U8(1), I8(1), U16(2), I16(2), U32(4), I32(4), F32(4), BOOL(1), STRING(8), ARRAY(12), U64(8), I64(8), F64(8);

    /** Bytes of a value; of the shortest one where lengths vary. */
    final int bytes;

    ValueType(int bytes) {
      this.bytes = bytes;
    }

    boolean isInteger() {
      return switch (this) {
        case U8, I8, U16, I16, U32, I32, U64, I64 -> true;
        case F32, BOOL, STRING, ARRAY, F64 -> false;
      };
    }

    boolean isNumber() {
      return isInteger() || this == F32 || this == F64;
    }
  }

  /** One value, or the elements of an array ({@code array} true); {@code bytes} is where they lie in the file. */
  record Entry(boolean array, ValueType type, long count, MemorySegment bytes) {}

  private final Path file;
  private final Map<String, Entry> entries;

  GgufMetadata(Path file, Map<String, Entry> entries) {
    this.file = file;
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** The file, for messages. */
  public Path file() {
    return file;
  }

  /** All keys in the file's order. */
  Set<String> keys() {
    return entries.keySet();
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The text of that key. */
  public Optional<String> string(String key) {
    return scalar(key, "a string", t -> t == ValueType.STRING).map(r -> string(r));
  }

  /** The truth value of that key. */
  public Optional<Boolean> bool(String key) {
    return scalar(key, "a bool", t -> t == ValueType.BOOL).map(r -> r.u8() != 0);
  }

  /** The whole number of that key, whichever integer type it has. */
  public OptionalLong integer(String key) {
    return scalar(key, "an integer", ValueType::isInteger)
        .map(r -> OptionalLong.of(integer(key, entries.get(key).type, r)))
        .orElse(OptionalLong.empty());
  }

  /** The number of that key, whichever numeric type it has. */
  public OptionalDouble number(String key) {
    return scalar(key, "a number", ValueType::isNumber)
        .map(r -> OptionalDouble.of(number(key, entries.get(key).type, r)))
        .orElse(OptionalDouble.empty());
  }

  /** The texts of that key. */
  public Optional<List<String>> strings(String key) {
    return array(key, "strings", t -> t == ValueType.STRING)
        .map(
            entry -> {
              ByteReader in = reader(entry);
              List<String> out = new ArrayList<>((int) entry.count);
              for (long i = 0; i < entry.count; i++) {
                out.add(string(in));
              }
              return Collections.unmodifiableList(out);
            });
  }

  /** The numbers of that key. */
  public Optional<float[]> floats(String key) {
    return array(key, "numbers", ValueType::isNumber)
        .map(
            entry -> {
              ByteReader in = reader(entry);
              float[] out = new float[(int) entry.count];
              for (int i = 0; i < out.length; i++) {
                out[i] = (float) number(key, entry.type, in);
              }
              return out;
            });
  }

  /** The whole numbers of that key, which must fit an int. */
  public Optional<int[]> integers(String key) {
    return array(key, "integers", ValueType::isInteger)
        .map(
            entry -> {
              ByteReader in = reader(entry);
              int[] out = new int[(int) entry.count];
              for (int i = 0; i < out.length; i++) {
                long value = integer(key, entry.type, in);
                if (value != (int) value) {
                  throw error(key, value + " is too large");
                }
                out[i] = (int) value;
              }
              return out;
            });
  }

  CheckpointException error(String key, String problem) {
    return new CheckpointException(file + ": " + key + ": " + problem);
  }

  private Optional<ByteReader> scalar(String key, String wanted, Predicate<ValueType> fits) {
    return find(key, false, wanted, fits).map(this::reader);
  }

  private Optional<Entry> array(String key, String wanted, Predicate<ValueType> fits) {
    Optional<Entry> entry = find(key, true, "an array of " + wanted, fits);
    if (entry.isPresent() && entry.get().count > Integer.MAX_VALUE - 8) {
      throw error(key, entry.get().count + " elements are too many");
    }
    return entry;
  }

  private Optional<Entry> find(String key, boolean array, String wanted, Predicate<ValueType> fits) {
    Entry entry = entries.get(key);
    if (entry != null && (entry.array != array || !fits.test(entry.type))) {
      throw error(key, "expected " + wanted + ", found " + (entry.array ? "an array of " : "") + entry.type);
    }
    return Optional.ofNullable(entry);
  }

  private ByteReader reader(Entry entry) {
    return new ByteReader(file, entry.bytes);
  }

  private static String string(ByteReader in) {
    return in.text(in.count("the length of a string"));
  }

  private long integer(String key, ValueType type, ByteReader in) {
    return switch (type) {
      case U8 -> in.u8();
      case I8 -> (byte) in.u8();
      case U16 -> in.u16();
      case I16 -> (short) in.u16();
      case U32 -> in.u32();
      case I32 -> in.i32();
      case U64 -> in.count(key);
      case I64 -> in.i64();
      case F32, BOOL, STRING, ARRAY, F64 -> throw error(key, "expected an integer, found " + type);
    };
  }

  private double number(String key, ValueType type, ByteReader in) {
    return switch (type) {
      case F32 -> Float.intBitsToFloat(in.i32());
      case F64 -> Double.longBitsToDouble(in.i64());
      default -> integer(key, type, in);
    };
  }
}
