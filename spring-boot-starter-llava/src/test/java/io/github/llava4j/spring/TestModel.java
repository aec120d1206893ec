package io.github.llava4j.spring;

import java.nio.file.Path;

/** A tiny checkpoint with random weights, and a picture. */
final class TestModel {

  private static final Path GOLDEN = Path.of("../langchain4j-llava/src/test/resources/goldens/next-vicuna")
      .toAbsolutePath()
      .normalize();

  static final Path PATH = GOLDEN.resolve("model");
  static final Path IMAGE = GOLDEN.resolve("images/portrait_30x90.png");

  private TestModel() {}
}
