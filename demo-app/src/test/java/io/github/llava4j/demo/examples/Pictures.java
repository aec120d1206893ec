package io.github.llava4j.demo.examples;

import java.nio.file.Path;

import dev.langchain4j.data.message.ImageContent;

/** The pictures of the examples. */
final class Pictures {

  /** A heading, "Error", and "Code: 800". */
  static final ImageContent ERROR = picture("error.png");
  /** A red circle. */
  static final ImageContent CIRCLE = picture("circle.png");

  private Pictures() {}

  private static ImageContent picture(String name) {
    return ImageContent.from(Path.of("../docs/pictures").resolve(name), "image/png");
  }
}
