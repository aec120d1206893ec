package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.github.llava4j.CheckpointException;

/**
 * llava-mini, the small model that ships with llava4j: an artifact of its own ({@code langchain4j-llava}, classifier
 * {@code mini}), so that a program with a model of its own does not carry it. It is read from the class path into memory,
 * never unpacked to a disk.
 */
final class EmbeddedModel {

  private static final String NAME = "llava-mini";
  private static final List<String> FILES = List.of(
      "config.json", "generation_config.json", "preprocessor_config.json", "processor_config.json", "chat_template.json",
      "tokenizer.model", "tokenizer.json", "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json",
      "model.safetensors");

  /** Where its files seem to lie; there is no such folder. */
  static final Path FOLDER = Path.of("class path", NAME).toAbsolutePath();

  private EmbeddedModel() {}

  /** @throws CheckpointException if the artifact is not on the class path */
  static Path folder() {
    if (!isThere()) {
      throw new CheckpointException(
          ModelSource.MINI + ": the model that ships with llava4j is not on the class path; add io.github.llava4j:langchain4j-llava with "
              + "classifier mini, or name the folder or file of a model");
    }
    return FOLDER;
  }

  private static boolean isThere() {
    try (InputStream in = open(FILES.getFirst())) {
      return in != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** The paths of its files. */
  static List<Path> files() {
    return FILES.stream().map(FOLDER::resolve).toList();
  }

  /** The content of one of {@link #files}; nothing for any other path. */
  static Optional<byte[]> read(Path file) {
    if (!files().contains(file)) {
      return Optional.empty();
    }
    try (InputStream in = open(file.getFileName().toString())) {
      if (in == null) {
        throw new CheckpointException(file + ": not on the class path");
      }
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Null if it is not on the class path. */
  private static InputStream open(String file) {
    return EmbeddedModel.class.getResourceAsStream("/io/github/llava4j/" + NAME + "/" + file);
  }
}
