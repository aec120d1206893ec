package io.github.llava4j.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.llava4j.config.PreprocessingConfig;

/** Test resources and how to read them. */
final class Fixtures {

  static final List<String> CASES = List.of("next-vicuna", "next-mistral", "llava15", "next-k256");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  static Path path(String name) {
    try {
      return Path.of(Fixtures.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> list(String folder, String suffix) {
    try (Stream<Path> files = Files.list(path(folder))) {
      return files.filter(f -> f.getFileName().toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every encoded picture of the goldens and of pictures/. */
  static List<Path> encoded() {
    return Stream.concat(
        Stream.concat(CASES.stream().map(c -> "goldens/" + c + "/images"), Stream.of("goldens/preprocessing/images"))
            .flatMap(folder -> list(folder, "").stream()),
        Stream.of("pictures", "pictures/variants").flatMap(folder -> list(folder, "").stream())
            .filter(f -> !f.toString().endsWith(".expected.png")))
        .filter(f -> Files.isRegularFile(f) && !f.toString().matches(".*\\.(py|md)"))
        .toList();
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Picture load(Path file) {
    return ImageLoader.DEFAULT.load(new ImageSource.File(file));
  }

  /** The preprocessing of a golden case, read from its files. */
  static ImagePreprocessing settings(String goldenCase) {
    JsonNode config = json(path("goldens/" + goldenCase + "/model/config.json"));
    Path file = path("goldens/" + goldenCase + "/model/preprocessor_config.json");
    return PreprocessingConfig.huggingFace(
        json(file), config, config.path("vision_config").path("image_size").asInt(), file.toString());
  }

  /** Patches on a tile's side in a golden case. */
  static int grid(String goldenCase) {
    JsonNode vision = json(path("goldens/" + goldenCase + "/model/config.json")).path("vision_config");
    return vision.path("image_size").asInt() / vision.path("patch_size").asInt();
  }

  /** The real settings of llava-v1.6 or llava-1.5. */
  static ImagePreprocessing real(String version) {
    Path file = path("goldens/preprocessing/preprocessor_config." + version + ".json");
    return PreprocessingConfig.huggingFace(json(file), json("{}"), 336, file.toString());
  }
}
