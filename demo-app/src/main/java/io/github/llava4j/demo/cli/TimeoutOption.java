package io.github.llava4j.demo.cli;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long an answer may take. */
final class TimeoutOption {

  private static final double MOST_SECONDS = 1e9;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long an answer may take, its pictures included (default: as long as it needs).")
  private @Nullable Double seconds;

  /** Null for as long as it needs. */
  @Nullable Duration value() {
    if (seconds == null) {
      return null;
    }
    if (!(seconds >= 0.001 && seconds <= MOST_SECONDS)) {
      throw new UserMistake("--timeout must be a number of seconds above 0, not " + seconds);
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
