package io.github.llava4j.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.config.Json;
import org.jspecify.annotations.Nullable;

/** The small files in a model's folder, each parsed once. Thread-safe. */
final class Documents {

  /** Where PaddleMIX keeps some of them. */
  private static final String[] PLACES = {"", "processor/eval/", "processor/train/"};

  private final @Nullable ModelFiles files;
  private final @Nullable Path folder;
  private final Map<String, Optional<JsonNode>> parsed = new ConcurrentHashMap<>();

  /** @param folder null if there are none */
  Documents(@Nullable ModelFiles files, @Nullable Path folder) {
    this.files = files;
    this.folder = folder;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** @throws io.github.llava4j.CheckpointException if the file is there but no JSON */
  Optional<JsonNode> json(String name) {
    return parsed.computeIfAbsent(name, this::parse);
  }

  private Optional<JsonNode> parse(String name) {
    for (String place : PLACES) {
      Optional<byte[]> bytes = bytes(place + name);
      if (bytes.isPresent()) {
        return Optional.of(Json.parse(path(place + name), bytes.get()));
      }
    }
    return Optional.empty();
  }

  Optional<byte[]> bytes(String name) {
    return folder == null ? Optional.empty() : files.read(path(name));
  }

  Optional<String> text(String name) {
    return bytes(name).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
