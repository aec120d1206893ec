package io.github.llava4j.engine;

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
  private Sequence sequence;

  Ticket(long tileBytes) {
    this.tileBytes = tileBytes;
  }

  void sequence(Sequence prepared) {
    sequence = prepared;
  }

  /** What is to be computed; there from {@link Place#IN_LINE} on. */
  Sequence sequence() {
    return sequence;
  }
}
