package io.github.llava4j.constraint.schema;

/** Where an answer in JSON may have white space. Never in front of {@code ,} and {@code :}, nor in empty containers. */
public enum JsonStyle {
  /**
   * As the model likes, within bounds: behind <code>{</code>, {@code [}, {@code ,} and in front of <code>}</code>, {@code ]}
   * nothing, one space, or a line break and at most 32 spaces; behind {@code :} nothing or one space.
   */
  FLEXIBLE,
  /** One space behind {@code ,} and {@code :}, as Python's {@code json.dumps} writes. */
  SPACED,
  /** None. */
  COMPACT
}
