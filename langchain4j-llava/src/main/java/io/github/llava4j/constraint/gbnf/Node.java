package io.github.llava4j.constraint.gbnf;

import java.util.List;

/** A part of a grammar as it is written. */
sealed interface Node {

  /** Exactly this text, which may be empty. */
  record Text(String text) implements Node {}

  /** One character out of these ranges; at least one. */
  record Characters(List<Range> ranges) implements Node {

    public Characters {
      ranges = List.copyOf(ranges);
    }
  }

  /** Code points, both ends included. */
  record Range(int from, int to) {}

  /** One after the other. */
  record Sequence(List<Node> parts) implements Node {

    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of them; at least one. */
  record Choice(List<Node> alternatives) implements Node {

    public Choice {
      alternatives = List.copyOf(alternatives);
    }
  }

  /** @param max {@link Integer#MAX_VALUE} for no limit */
  record Repeat(Node item, int min, int max) implements Node {}

  /** What the rule says. */
  record Reference(String rule, Place place) implements Node {}

  /** Where something stands in the text; both count from 1. */
  record Place(int line, int column) {

    @Override
    public String toString() {
      return "line " + line + ", column " + column;
    }
  }
}
