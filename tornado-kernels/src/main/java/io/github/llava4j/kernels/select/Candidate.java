package io.github.llava4j.kernels.select;

import java.util.Optional;

/**
 * A backend that could be chosen, and what speaks for and against it.
 *
 * @param name by which {@link Backends#open} takes it, such as {@code vector} or {@code tornado:0:1}
 * @param usable whether it runs here at all
 * @param speed roughly how many times as fast as {@code scalar} under C2 for the model in question; to be compared only
 * @param reason one sentence: what it runs on, or why it is slow or cannot run
 * @param remedy what to do to have it, or to have it fast, if there is something
 */
public record Candidate(String name, boolean usable, double speed, String reason, Optional<String> remedy) {

  static Candidate usable(String name, double speed, String reason) {
    return new Candidate(name, true, speed, reason, Optional.empty());
  }

  static Candidate slow(String name, double speed, String reason, String remedy) {
    return new Candidate(name, true, speed, reason, Optional.of(remedy));
  }

  static Candidate missing(String name, String reason, String remedy) {
    return new Candidate(name, false, 0, reason, Optional.of(remedy));
  }

  /** One line for people. */
  public String line() {
    return name + ": " + reason + remedy.map(text -> "; " + text).orElse("");
  }
}
