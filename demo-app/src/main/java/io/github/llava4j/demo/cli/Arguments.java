package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command line as the user typed it. */
public final class Arguments {

  private static final Path RAW = Path.of("/proc/self/cmdline");
  private static final char LOST = '\uFFFD';

  private Arguments() {}

  /**
   * Mends arguments that the JVM could not decode: where no locale is set, as in many containers, it takes every byte
   * beyond ASCII for an error, and a question in another language would silently become another question. Linux keeps
   * the bytes, and they are UTF-8.
   */
  public static String[] decode(String[] args) {
    if (String.join("", args).indexOf(LOST) < 0) {
      return args;
    }
    try {
      String[] raw = Files.readString(RAW, StandardCharsets.UTF_8).split("\0", -1);
      String[] decoded = new String[args.length];
      // The JVM's own options come first, and the last argument ends in the separator too.
      System.arraycopy(raw, raw.length - 1 - args.length, decoded, 0, args.length);
      return decoded;
    } catch (IOException | IndexOutOfBoundsException e) {
      return args;
    }
  }
}
