package io.github.llava4j.checkpoint;

import java.util.List;

import io.github.llava4j.CheckpointException;

/** Lists of names in messages. */
final class Names {

  private static final int SHOWN = 5;

  private Names() {}

  /** The first few of {@code names} and how many there are. */
  static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " more";
  }

  static void refuseUnknown(Object file, List<String> unknown) {
    if (!unknown.isEmpty()) {
      throw new CheckpointException(file + ": " + unknown.size() + " surplus tensors, which no LLaVA model of this "
          + "configuration has: " + some(unknown));
    }
  }
}
