package io.github.llava4j.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.config.Json;
import io.github.llava4j.testing.GoldenFiles;

/** Reads the reference values that transformers and SentencePiece gave, in test resources under goldens. */
final class TextGoldens {

  static final List<String> CASES = List.of("next-vicuna", "next-mistral", "llava15", "next-k256");

  private TextGoldens() {}

  static Path root() {
    return GoldenFiles.path("");
  }

  static int[] ids(JsonNode array) {
    return stream(array).mapToInt(JsonNode::intValue).toArray();
  }

  static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static List<JsonNode> runs(String goldenCase) {
    try (Stream<Path> files = Files.list(root().resolve(goldenCase).resolve("expected/runs"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().map(GoldenFiles::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Vocabulary of a case's folder, from tokenizer.json or, without it, from tokenizer.model. */
  static Vocabulary vocabulary(String goldenCase, boolean fast) {
    Path folder = root().resolve(goldenCase).resolve("model");
    return read(
        goldenCase,
        name -> {
          Path file = folder.resolve(name);
          boolean there = Files.exists(file) && (fast || !name.equals("tokenizer.json"));
          return there ? Optional.of(GoldenFiles.bytes(file)) : Optional.empty();
        });
  }

  /** Vocabulary of the files goldens/tokenizer/..., given as name in a model folder to name there. */
  static Vocabulary vocabulary(Map<String, String> files) {
    Path folder = root().resolve("tokenizer");
    return read(
        "tokenizer", name -> Optional.ofNullable(files.get(name)).map(file -> GoldenFiles.bytes(folder.resolve(file))));
  }

  /** The vocabulary of files that are given by their bytes. */
  static Vocabulary read(String folder, Function<String, Optional<byte[]>> files) {
    return TokenizerFiles.read(
        folder, files, name -> files.apply(name).map(bytes -> Json.parse(folder + "/" + name, bytes)));
  }

  /** Text of a whole answer. */
  static String decode(Vocabulary vocabulary, int... ids) {
    Detokenizer detokenizer = new Detokenizer(vocabulary);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(detokenizer.append(id));
    }
    return text.append(detokenizer.finish()).toString();
  }
}
