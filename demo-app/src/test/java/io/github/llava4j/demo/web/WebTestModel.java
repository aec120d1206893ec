package io.github.llava4j.demo.web;

import java.nio.file.Path;

/** The model that the web tests ask unless they say otherwise: a tiny one with random weights. */
final class WebTestModel {

  private static final String GOLDEN = "../langchain4j-llava/src/test/resources/goldens/next-vicuna";

  /** As a property's value; relative, which Spring's own conversion to a Path does not bear in a web application. */
  static final String PATH = GOLDEN + "/model";
  static final Path IMAGE = Path.of(GOLDEN, "images/portrait_30x90.png").toAbsolutePath().normalize();

  private WebTestModel() {}
}
