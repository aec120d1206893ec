package io.github.llava4j.checkpoint;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.Json;
import io.github.llava4j.kernels.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * One safetensors file: the length of a JSON header, the header, the data. All checks of the reference reader are made,
 * in particular that the tensors cover the data exactly.
 */
final class SafetensorsFile {

  /** The reference reader's limit. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";

  private static final Map<String, Integer> BITS =
      Map.ofEntries(
          Map.entry("BOOL", 8), Map.entry("U8", 8), Map.entry("I8", 8), Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8), Map.entry("F8_E8M0", 8), Map.entry("F4", 4), Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6), Map.entry("I16", 16), Map.entry("U16", 16), Map.entry("F16", 16),
          Map.entry("BF16", 16), Map.entry("I32", 32), Map.entry("U32", 32), Map.entry("F32", 32),
          Map.entry("I64", 64), Map.entry("U64", 64), Map.entry("F64", 64), Map.entry("C64", 64));

  private record Entry(StoredTensor tensor, long begin, long end) {}

  private SafetensorsFile() {}

  static List<StoredTensor> read(MappedFile file) {
    ByteReader in = new ByteReader(file);
    long length = in.count("the length of the header");
    if (length > LONGEST_HEADER) {
      throw in.error("the header has " + length + " bytes, more than the " + LONGEST_HEADER + " allowed");
    }
    byte[] header = in.slice(length).toArray(ValueLayout.JAVA_BYTE);
    if (length == 0 || header[0] != '{') {
      throw in.error("the header does not start with {");
    }
    long dataStart = in.position();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : Json.parseObject(file.path() + " header", header).properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(file, dataStart, field.getKey(), field.getValue()));
      }
    }
    checkCover(file, entries, in.remaining());
    return entries.stream().map(Entry::tensor).toList();
  }

  private static Entry entry(MappedFile file, long dataStart, String name, JsonNode json) {
    JsonNode offsets = json.path("data_offsets");
    if (!json.path("dtype").isTextual() || !json.path("shape").isArray() || offsets.size() != 2) {
      throw new CheckpointException(file.path() + ": tensor " + name + " needs dtype, shape and two data_offsets");
    }
    String dtype = json.get("dtype").textValue();
    Integer bits = BITS.get(dtype);
    if (bits == null) {
      throw new CheckpointException(file.path() + ": tensor " + name + " has unknown type " + dtype);
    }
    long[] shape = new long[json.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = whole(file, name, json.get("shape").get(i));
    }
    long begin = whole(file, name, offsets.get(0));
    long end = whole(file, name, offsets.get(1));
    // count() leaves room for 64 bits per value.
    long size = StoredTensor.count(file.path(), name, shape) * bits / 8;
    if (end - begin != size) {
      throw new CheckpointException(
          "%s: tensor %s takes bytes %d to %d, but %s of shape %s needs %d bytes"
              .formatted(file.path(), name, begin, end, dtype, json.get("shape"), size));
    }
    long missing = end - (file.size() - dataStart);
    if (missing > 0) {
      throw new CheckpointException(
          file.path() + ": truncated: the last " + Math.min(missing, size) + " of " + size + " bytes of tensor " + name
              + " are missing (" + missing + " bytes up to its end)");
    }
    StoredTensor tensor =
        new StoredTensor(
            file.path(), name, dtype, type(dtype), shape, false, file.bytes().asSlice(dataStart + begin, size));
    return new Entry(tensor, begin, end);
  }

  private static @Nullable DType type(String dtype) {
    return switch (dtype) {
      case "F32" -> DType.F32;
      case "F16" -> DType.F16;
      // PaddlePaddle has no other way to name bfloat16 bits.
      case "BF16", "U16" -> DType.BF16;
      default -> null;
    };
  }

  private static long whole(MappedFile file, String name, JsonNode number) {
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
      throw new CheckpointException(file.path() + ": tensor " + name + ": expected a size, found " + number);
    }
    return number.longValue();
  }

  private static void checkCover(MappedFile file, List<Entry> entries, long dataBytes) {
    List<Entry> sorted =
        entries.stream().sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)).toList();
    long covered = 0;
    for (Entry entry : sorted) {
      if (entry.begin != covered) {
        throw entry.tensor.error(
            "starts at byte " + entry.begin + " of the data, but the one before ends at " + covered
                + (entry.begin < covered ? ": they overlap" : ": there is a hole"));
      }
      covered = entry.end;
    }
    if (covered != dataBytes) {
      throw new CheckpointException(
          file.path() + ": " + (dataBytes - covered) + " bytes follow after the last tensor");
    }
  }
}
