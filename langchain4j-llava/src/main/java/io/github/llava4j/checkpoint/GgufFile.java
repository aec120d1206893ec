package io.github.llava4j.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.checkpoint.GgufMetadata.ValueType;
import io.github.llava4j.kernels.tensor.DType;

/**
 * A GGUF file of version 2 or 3: metadata, and tensors that follow each other in the file's order, each padded to the
 * alignment. All checks of ggml's reader are made.
 */
record GgufFile(GgufMetadata metadata, List<StoredTensor> tensors) {

  static final int MAGIC = 0x46554747; // "GGUF" read as a little-endian number
  static final int DEFAULT_ALIGNMENT = 32;
  static final String ALIGNMENT = "general.alignment";

  /** ggml keeps names in 64 bytes with a zero at the end. */
  static final int LONGEST_NAME = 63;

  private static final int MOST_DIMENSIONS = 4;

  private record Header(GgufMetadata metadata, long tensorCount) {}

  private record Info(String name, DType type, long[] shape, long offset, long bytes) {}

  /** Only what a file says of itself, whether or not its tensors are of known types. */
  static GgufMetadata readMetadata(MappedFile file) {
    return header(file, new ByteReader(file)).metadata;
  }

  static GgufFile read(MappedFile file) {
    ByteReader in = new ByteReader(file);
    Header header = header(file, in);
    GgufMetadata metadata = header.metadata;
    long alignment = alignment(metadata);
    List<Info> infos = infos(in, header.tensorCount, alignment);
    long dataStart = padded(in.position(), alignment);
    List<StoredTensor> tensors = new ArrayList<>();
    for (Info info : infos) {
      long missing = info.offset + info.bytes - (file.size() - dataStart);
      if (missing > 0) {
        throw in.error(
            "truncated: tensor %s of %d bytes ends %d bytes behind the end of the file"
                .formatted(info.name, info.bytes, missing));
      }
      tensors.add(
          new StoredTensor(
              file.path(), info.name, info.type.name(), info.type, info.shape, false,
              file.bytes().asSlice(dataStart + info.offset, info.bytes)));
    }
    return new GgufFile(metadata, tensors);
  }

  /** {@code position} rounded up to a multiple of {@code alignment}, a power of two. */
  static long padded(long position, long alignment) {
    return (position + alignment - 1) & -alignment;
  }

  private static Header header(MappedFile file, ByteReader in) {
    if (in.i32() != MAGIC) {
      throw in.error("does not start with GGUF");
    }
    checkVersion(in);
    // The shortest tensor has an empty name, one dimension, a type and an offset; the shortest pair a one-byte value.
    long tensorCount = in.countOf("the number of tensors", 8 + 4 + 8 + 4 + 8);
    long pairCount = in.countOf("the number of metadata pairs", 8 + 4 + 1);
    return new Header(metadata(file, in, pairCount), tensorCount);
  }

  private static void checkVersion(ByteReader in) {
    int version = in.i32();
    if (version == 1) {
      throw in.error("GGUF version 1 is not supported; convert it again with a current llama.cpp");
    }
    if (version != 0 && (version & 0xffff) == 0) {
      throw in.error("a big-endian GGUF file (version " + Integer.reverseBytes(version) + "); only little-endian ones "
          + "are supported");
    }
    if (version != 2 && version != 3) {
      throw in.error("GGUF version " + Integer.toUnsignedString(version) + " is not supported, only 2 and 3");
    }
  }

  private static GgufMetadata metadata(MappedFile file, ByteReader in, long count) {
    Map<String, GgufMetadata.Entry> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      String key = in.text(in.count("the length of a key"));
      ValueType type = valueType(in, key);
      boolean array = type == ValueType.ARRAY;
      long elements = 1;
      if (array) {
        type = valueType(in, key);
        if (type == ValueType.ARRAY) {
          throw in.error(key + ": an array of arrays is not supported");
        }
        elements = in.countOf("the number of elements of " + key, type.bytes);
      }
      long start = in.position();
      skipValues(in, key, type, elements);
      long length = in.position() - start;
      GgufMetadata.Entry entry =
          new GgufMetadata.Entry(array, type, elements, file.bytes().asSlice(start, length));
      if (entries.put(key, entry) != null) {
        throw in.error("the key " + key + " is there twice");
      }
    }
    return new GgufMetadata(file.path(), entries);
  }

  private static ValueType valueType(ByteReader in, String key) {
    long id = in.u32();
    if (id >= ValueType.values().length) {
      throw in.error(key + " has unknown value type " + id);
    }
    return ValueType.values()[(int) id];
  }

  private static void skipValues(ByteReader in, String key, ValueType type, long count) {
    if (type == ValueType.STRING) {
      for (long i = 0; i < count; i++) {
        in.skip(in.count("the length of a string of " + key));
      }
    } else if (type == ValueType.BOOL) {
      for (long i = 0; i < count; i++) {
        int value = in.u8();
        if (value > 1) {
          throw in.error(key + ": a bool must be 0 or 1, not " + value);
        }
      }
    } else {
      in.skip(count * type.bytes);
    }
  }

  private static long alignment(GgufMetadata metadata) {
    long alignment = metadata.integer(ALIGNMENT).orElse(DEFAULT_ALIGNMENT);
    if (alignment < 1 || alignment > 1 << 20 || Long.bitCount(alignment) != 1) {
      throw metadata.error(ALIGNMENT, alignment + " is no usable power of two");
    }
    return alignment;
  }

  private static List<Info> infos(ByteReader in, long count, long alignment) {
    List<Info> infos = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long expectedOffset = 0;
    for (long i = 0; i < count; i++) {
      Info info = info(in);
      if (!names.add(info.name)) {
        throw in.error("tensor " + info.name + " is there twice");
      }
      if (info.offset != expectedOffset) {
        throw in.error(
            "tensor " + info.name + " lies at offset " + Long.toUnsignedString(info.offset) + ", expected "
                + expectedOffset);
      }
      expectedOffset = padded(info.offset + info.bytes, alignment);
      if (expectedOffset < 0) {
        throw in.error("tensor " + info.name + " is larger than any file");
      }
      infos.add(info);
    }
    return infos;
  }

  private static Info info(ByteReader in) {
    long nameLength = in.count("the length of a tensor's name");
    if (nameLength > LONGEST_NAME) {
      throw in.error("a tensor's name has " + nameLength + " bytes, more than " + LONGEST_NAME);
    }
    String name = in.text(nameLength);
    long dimensions = in.u32();
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      throw in.error("tensor " + name + " has " + dimensions + " dimensions, expected 1 to " + MOST_DIMENSIONS);
    }
    long[] shape = new long[(int) dimensions];
    // The file has the innermost dimension first.
    for (int i = shape.length - 1; i >= 0; i--) {
      shape[i] = in.count("a dimension of tensor " + name);
      if (shape[i] == 0) {
        throw in.error("tensor " + name + " has a dimension of 0");
      }
    }
    int id = in.i32();
    DType type = GgmlType.of(id);
    if (type == null) {
      throw in.error("tensor " + name + " has type " + GgmlType.describe(id) + ", which is not supported");
    }
    long values = StoredTensor.count(in.file(), name, shape);
    long rowLength = shape[shape.length - 1];
    if (rowLength % type.blockLength() != 0) {
      throw in.error(
          "tensor " + name + " has rows of " + rowLength + " values, no whole number of " + type + " blocks of "
              + type.blockLength());
    }
    return new Info(name, type, shape, in.i64(), type.bytes(values));
  }
}
