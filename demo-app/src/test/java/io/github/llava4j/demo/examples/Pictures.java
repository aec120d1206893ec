package io.github.llava4j.demo.examples;

import java.nio.file.Path;

import dev.langchain4j.data.message.ImageContent;

/** The pictures of the README's examples. */
final class Pictures {

  /** A heading, "Invoice", one line, and a total of 204. */
  static final ImageContent INVOICE = picture("invoice.png");
  /** A heading, "Error", and "Code: 800". */
  static final ImageContent ERROR = picture("error.png");
  /** A red circle. */
  static final ImageContent CIRCLE = picture("circle.png");

  private Pictures() {}

  private static ImageContent picture(String name) {
    return ImageContent.from(Path.of("../docs/pictures").resolve(name), "image/png");
  }
}
