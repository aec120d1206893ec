package io.github.llava4j.engine;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A request's place in the engine, from before its pictures are decoded until it has ended; {@link Admission} gives it. */
final class Ticket {

  /** How far a request with this ticket is; guarded by {@link Admission}. */
  enum Place {
    /** Its prompt is being prepared. */
    PREPARING,
    /** It stands in the line. */
    IN_LINE,
    /** It was taken out of the line to be computed. */
    TAKEN,
    /** The place is free again. */
    GIVEN_BACK
  }

  final long tileBytes;
  Place place = Place.PREPARING;
  private @Nullable Work work;

  Ticket(long tileBytes) {
    this.tileBytes = tileBytes;
  }

  void work(Work prepared) {
    work = prepared;
  }

  /** What is to be computed; there from {@link Place#IN_LINE} on. */
  Work work() {
    return Objects.requireNonNull(work, "not in the line yet");
  }
}
