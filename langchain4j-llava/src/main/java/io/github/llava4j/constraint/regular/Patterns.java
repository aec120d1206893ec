package io.github.llava4j.constraint.regular;

/**
 * Regular expressions of ECMA-262 in unicode mode, as JSON Schema's {@code pattern} uses them: alternatives, groups, classes,
 * {@code . \d \w \s \p{...}}, {@code ^ $ \b \B} anywhere, greedy and lazy quantifiers. Lookahead and lookbehind, back
 * references and flags are refused. More than unicode mode allows: escapes of any ASCII punctuation, a lone <code>]</code>
 * <code>}</code> or <code>{</code>, and {@code -} beside a class escape in a class, as in {@code [\w-.]}.
 */
public final class Patterns {

  private Patterns() {}

  /**
   * All texts in which the pattern has a match somewhere.
   *
   * @throws io.github.llava4j.UnsupportedConstraintException for a construct that is refused; names it and its index
   * @throws io.github.llava4j.ConstraintException if it is malformed, with the index, or too complex
   */
  public static Language search(String ecma262) {
    Deadline deadline = Deadline.start();
    return Search.of(new PatternParser(ecma262, deadline).parse(), deadline);
  }

  /**
   * All texts that the pattern matches from beginning to end.
   *
   * @throws io.github.llava4j.UnsupportedConstraintException for a construct that is refused; names it and its index
   * @throws io.github.llava4j.ConstraintException if it is malformed, with the index, or too complex
   */
  public static Language whole(String ecma262) {
    Deadline deadline = Deadline.start();
    PatternParser.Parsed parsed = new PatternParser(ecma262, deadline).parse();
    return parsed.hasMarks() ? Search.of(parsed.anchored(deadline), deadline) : parsed.language();
  }
}
