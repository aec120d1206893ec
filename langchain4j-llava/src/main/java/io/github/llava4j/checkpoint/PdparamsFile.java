package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.PickleValue.Dict;
import io.github.llava4j.checkpoint.PickleValue.NumpyArray;
import io.github.llava4j.checkpoint.PickleValue.Sequence;
import io.github.llava4j.checkpoint.PickleValue.Text;

/**
 * The tensors of a PaddlePaddle state dictionary. Arrays are mapped where their bytes are in the file. In two cases
 * that is impossible and the values are copied once to memory outside of the heap: protocol 2 writes bytes as UTF-8
 * text, and protocols 2 and 3 cut arrays of more than 2^30 bytes into slices.
 */
final class PdparamsFile {

  private static final String PARAMETER_NAMES = "StructuredToParameterName@@";
  private static final String SLICED = "UnpackBigParamInfor@@";

  private static final int DEEPEST = 16;

  private final ModelFiles files;
  private final MappedFile file;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<Text, MemorySegment> decoded = new IdentityHashMap<>();
  private final Set<Dict> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What may still be copied: a file that describes more copies than it has bytes is damaged. */
  private long copyBudget;

  private PdparamsFile(ModelFiles files, MappedFile file) {
    this.files = files;
    this.file = file;
    this.copyBudget = 2 * file.size();
  }

  static List<StoredTensor> read(ModelFiles files, MappedFile file) {
    PdparamsFile pdparams = new PdparamsFile(files, file);
    PickleValue root = PickleReader.read(file);
    pdparams.collect("tensor", root, 0);
    return List.copyOf(pdparams.tensors.values());
  }

  /** Looks for tensors in {@code value}; the names of dictionaries in dictionaries are not part of a tensor's name. */
  private void collect(String name, PickleValue value, int depth) {
    switch (value) {
      case NumpyArray array -> put(tensor(name, array));
      // A tensor that is not in a state dictionary proper: (name of the parameter, array).
      case Sequence pair when isNamedArray(pair) -> {
        String own = depth == 0 ? text(pair.items().get(0)) : name;
        put(tensor(own, (NumpyArray) pair.items().get(1)));
      }
      case Dict dict -> collect(dict, depth);
      default -> {
        // Counters, learning rates and the like.
      }
    }
  }

  private void collect(Dict dict, int depth) {
    if (depth > DEEPEST || !seen.add(dict)) {
      throw error("dictionaries that are nested too deeply or contain each other");
    }
    for (Map.Entry<String, PickleValue> item : dict.items().entrySet()) {
      if (!item.getKey().equals(PARAMETER_NAMES) && !item.getKey().equals(SLICED)) {
        collect(item.getKey(), item.getValue(), depth + 1);
      }
    }
    if (dict.items().get(SLICED) instanceof Dict sliced) {
      sliced.items().forEach(this::join);
    }
  }

  private static boolean isNamedArray(Sequence pair) {
    return pair.items().size() == 2
        && pair.items().get(0) instanceof Text
        && pair.items().get(1) instanceof NumpyArray;
  }

  private void put(StoredTensor tensor) {
    if (tensors.put(tensor.name(), tensor) != null) {
      throw tensor.error("is there twice");
    }
  }

  private StoredTensor tensor(String name, NumpyArray array) {
    if (array.type == null) {
      throw error("tensor " + name + " has no content");
    }
    if (array.type.byteOrder.equals(">")) {
      throw error("tensor " + name + " is big-endian, which is not supported");
    }
    int valueBytes = array.type.bytes();
    if (valueBytes == 0) {
      throw error("tensor " + name + " has type " + array.type.code + ", which is not supported");
    }
    // count() leaves room for 64 bits per value.
    long bytes = StoredTensor.count(file.path(), name, array.shape) * valueBytes;
    MemorySegment data =
        switch (array.data) {
          case PickleValue.Bytes raw -> raw.data();
          case PickleValue.Latin1 text -> decode(name, text.text(), bytes);
          default -> throw error("tensor " + name + " has no bytes as its data");
        };
    if (data.byteSize() != bytes) {
      throw error(
          "tensor %s has %d bytes, but %s of shape %s needs %d"
              .formatted(name, data.byteSize(), array.type.code, Arrays.toString(array.shape), bytes));
    }
    return new StoredTensor(
        file.path(), name, array.type.code, array.type.type(), array.shape, array.fortran && array.shape.length > 1,
        data);
  }

  private MemorySegment decode(String name, Text text, long bytes) {
    MemorySegment known = decoded.get(text);
    if (known != null) {
      return known;
    }
    MemorySegment from = text.utf8();
    if (bytes > from.byteSize()) {
      throw error("tensor " + name + " needs " + bytes + " bytes, but only " + from.byteSize() + " are there");
    }
    MemorySegment to = allocate(bytes);
    long out = 0;
    for (long i = 0; i < from.byteSize(); out++) {
      if (out == bytes) {
        throw error("tensor " + name + " needs " + bytes + " bytes, but more are there");
      }
      int first = from.get(ValueLayout.JAVA_BYTE, i++) & 0xff;
      if (first >= 0x80) {
        int second = i < from.byteSize() ? from.get(ValueLayout.JAVA_BYTE, i++) & 0xff : 0;
        if (first != 0xc2 && first != 0xc3 || second >>> 6 != 2) {
          throw error("tensor " + name + ": its text is not latin1 in UTF-8");
        }
        first = (first & 3) << 6 | second & 0x3f;
      }
      to.set(ValueLayout.JAVA_BYTE, out, (byte) first);
    }
    if (out != bytes) {
      throw error("tensor " + name + " needs " + bytes + " bytes, but only " + out + " are there");
    }
    decoded.put(text, to.asReadOnly());
    return decoded.get(text);
  }

  /** Puts a tensor together that the file has in slices. */
  private void join(String name, PickleValue info) {
    if (!(info instanceof Dict dict
        && dict.items().get("OriginShape") instanceof Sequence shape
        && dict.items().get("slices") instanceof Sequence slices)) {
      throw error("tensor " + name + ": " + SLICED + " needs OriginShape and slices");
    }
    List<StoredTensor> parts = new ArrayList<>();
    for (PickleValue slice : slices.items()) {
      // Taken out: a slice is no tensor of its own, and nobody may use it twice.
      StoredTensor part = slice instanceof Text text ? tensors.remove(text(text)) : null;
      if (part == null) {
        throw error("tensor " + name + ": slice " + parts.size() + " is missing");
      }
      if (part.columnMajor() || !parts.isEmpty() && !part.typeName().equals(parts.getFirst().typeName())) {
        throw part.error("does not fit to the other slices of " + name);
      }
      parts.add(part);
    }
    if (parts.isEmpty()) {
      throw error("tensor " + name + " has no slices");
    }
    long[] dimensions = new long[shape.items().size()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = shape.items().get(i) instanceof PickleValue.Whole whole ? whole.value() : -1;
    }
    long values = parts.stream().mapToLong(p -> StoredTensor.count(file.path(), p.name(), p.shape())).sum();
    if (values != StoredTensor.count(file.path(), name, dimensions)) {
      throw error(
          "tensor " + name + " of shape " + Arrays.toString(dimensions) + " has slices of " + values + " values");
    }
    StoredTensor first = parts.getFirst();
    put(new StoredTensor(file.path(), name, first.typeName(), first.type(), dimensions, false, concatenated(parts)));
  }

  private MemorySegment concatenated(List<StoredTensor> parts) {
    if (parts.size() == 1) {
      return parts.getFirst().data();
    }
    MemorySegment all = allocate(parts.stream().mapToLong(p -> p.data().byteSize()).sum());
    long at = 0;
    for (StoredTensor part : parts) {
      MemorySegment.copy(part.data(), 0, all, at, part.data().byteSize());
      at += part.data().byteSize();
    }
    return all.asReadOnly();
  }

  private MemorySegment allocate(long bytes) {
    copyBudget -= bytes;
    if (copyBudget < 0) {
      throw error("describes more data than it holds");
    }
    return files.allocate(bytes);
  }

  private static String text(PickleValue value) {
    return new String(((Text) value).utf8().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private CheckpointException error(String problem) {
    Path path = file.path();
    return new CheckpointException(path + ": " + problem);
  }
}
