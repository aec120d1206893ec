package io.github.llava4j.engine;

import java.util.List;

/**
 * How likely a generated token was, and which others were likely.
 *
 * @param token its id
 * @param text what it says; U+FFFD for part of a character
 * @param logprob natural logarithm of the model's own probability for it: neither temperature nor penalties nor a
 *     constraint count
 * @param constrained the same among the tokens that the constraint allowed; equal to {@code logprob} without one
 * @param top the likeliest tokens, most likely first, this one among them if it is one
 */
public record TokenLogprob(int token, String text, double logprob, double constrained, List<Top> top) {

  public TokenLogprob {
    top = List.copyOf(top);
  }

  /** A token that could have been. */
  public record Top(int token, String text, double logprob) {}
}
