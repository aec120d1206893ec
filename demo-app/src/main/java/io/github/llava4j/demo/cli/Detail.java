package io.github.llava4j.demo.cli;

import java.util.Arrays;
import java.util.Locale;

/** How closely a picture is looked at. */
enum Detail {
  /** The overview alone. */
  LOW,
  /** With all tiles that the checkpoint knows of. */
  HIGH,
  /** As the checkpoint's configuration says. */
  AUTO;

  /** @param name as the user writes it */
  static Detail of(String name) {
    return Arrays.stream(values())
        .filter(detail -> detail.toString().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new UserMistake("detail must be low, high or auto, not " + name));
  }

  boolean overviewOnly() {
    return this == LOW;
  }

  /** As the user writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
