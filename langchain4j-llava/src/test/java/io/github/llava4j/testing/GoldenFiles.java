package io.github.llava4j.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.config.Json;

/** The reference outputs in the test resources, in the folder goldens, whose README.md describes them. */
public final class GoldenFiles {

  private GoldenFiles() {}

  public static Path path(String name) {
    try {
      return Path.of(GoldenFiles.class.getResource("/goldens/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static JsonNode json(String name) {
    return json(path(name));
  }

  public static JsonNode json(Path file) {
    return Json.parse(file, bytes(file));
  }

  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a folder in order, but not its folders. */
  public static List<Path> list(String name) {
    try (Stream<Path> files = Files.list(path(name))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies these to {@code target}. */
  public static Path copy(String name, Path target) {
    try {
      for (Path file : list(name)) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
