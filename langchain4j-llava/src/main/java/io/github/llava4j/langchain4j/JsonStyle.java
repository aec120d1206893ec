package io.github.llava4j.langchain4j;

/** The white space of JSON that a model writes. It is bounded in every style: a model cannot get lost in it. */
public enum JsonStyle {

  /** What the model likes best, which costs the least quality: none, a space, or a new line with an indent. */
  FLEXIBLE,

  /** A space behind each comma and colon, as Python's {@code json.dumps} writes it. */
  SPACED,

  /** None at all: fewest tokens. Models that learned JSON with spaces answer worse. */
  COMPACT
}
