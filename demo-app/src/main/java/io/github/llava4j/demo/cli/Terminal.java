package io.github.llava4j.demo.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a command prints.
 *
 * @param out results and nothing else
 * @param err messages and progress
 * @param interactive whether a person watches {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

  /** The process' own streams, in UTF-8 whatever the locale says: results are read by programs. */
  public static Terminal system() {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    return new Terminal(out, System.err, isTerminal());
  }

  private static boolean isTerminal() {
    try {
      // The JDK tells about stdin and stdout together; progress goes to stderr.
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }
}
