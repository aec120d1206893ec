package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.Json;

/**
 * Several files of weights that an index file names: {@code model.safetensors.index.json}, or PaddleNLP's {@code
 * model_state.pdparams.index.json}.
 *
 * @param container the kind of the files
 */
record ShardIndex(Container container, List<StoredTensor> tensors) {

  static ShardIndex read(ModelFiles files, Path index) {
    byte[] bytes = files.read(index).orElseThrow(() -> new CheckpointException(index + ": no such file or folder"));
    JsonNode weights = Json.parseObject(index, bytes).path("weight_map");
    if (!weights.isObject()) {
      throw new CheckpointException(index + ": expected an object weight_map");
    }
    Map<String, String> shardOf = new HashMap<>();
    for (Map.Entry<String, JsonNode> weight : weights.properties()) {
      shardOf.put(weight.getKey(), shardName(index, weight.getKey(), weight.getValue()));
    }
    List<StoredTensor> tensors = new ArrayList<>();
    Container container = Container.SAFETENSORS;
    for (String shard : new TreeSet<>(shardOf.values())) {
      Path file = index.resolveSibling(shard);
      if (!files.isFile(file)) {
        throw new CheckpointException(index + ": names the file " + shard + ", which is missing");
      }
      ModelLocator.requireWhole(file);
      FileKind kind = FileKind.of(files.head(file, FileKind.HEAD));
      List<StoredTensor> inShard = switch (kind) {
        case SAFETENSORS -> SafetensorsFile.read(files.map(file));
        case PICKLE -> PdparamsFile.read(files, files.map(file));
        default -> throw new CheckpointException(file + ": " + kind.description());
      };
      container = kind == FileKind.PICKLE ? Container.PDPARAMS : container;
      for (StoredTensor tensor : inShard) {
        if (!shard.equals(shardOf.remove(tensor.name()))) {
          throw tensor.error("is not in this file according to " + index.getFileName());
        }
        tensors.add(tensor);
      }
    }
    if (!shardOf.isEmpty()) {
      Map.Entry<String, String> first = new TreeMap<>(shardOf).firstEntry();
      throw new CheckpointException(
          index + ": " + shardOf.size() + " tensors are not where it says, first " + first.getKey() + " in "
              + first.getValue());
    }
    return new ShardIndex(container, tensors);
  }

  /** A shard lies beside its index; anything that could lead elsewhere is refused. */
  private static String shardName(Path index, String tensor, JsonNode shard) {
    String name = shard.asText();
    if (!shard.isTextual() || name.isEmpty() || name.equals("..") || name.equals(".")
        || name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ')) {
      throw new CheckpointException(index + ": tensor " + tensor + ": not a plain file name: " + shard);
    }
    return name;
  }
}
