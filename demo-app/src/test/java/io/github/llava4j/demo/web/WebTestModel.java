package io.github.llava4j.demo.web;

import java.nio.file.Path;

/**
 * The model that the web tests ask: a tiny one with random weights, or the one that the system property
 * {@code llava4j.test.model} leads to.
 */
final class WebTestModel {

  private static final Path GOLDEN =
      Path.of("../langchain4j-llava/src/test/resources/goldens/next-vicuna").toAbsolutePath().normalize();

  static final String PATH = System.getProperty("llava4j.test.model", GOLDEN.resolve("model").toString());
  static final Path IMAGE = GOLDEN.resolve("images/portrait_30x90.png");

  private WebTestModel() {}
}
