package io.github.llava4j.constraint.gbnf;

import java.util.Map;

import io.github.llava4j.constraint.grammar.Grammar;

/**
 * Grammars in GBNF, the notation of llama.cpp.
 *
 * <p>A rule is {@code name ::= what}, on one line, or on several inside parentheses and behind {@code |} and {@code ::=};
 * an answer follows the rule {@code root}. Names have letters, digits, {@code -} and {@code _}. There are {@code "texts"},
 * classes of characters such as {@code [a-z_]} and {@code [^"\n]}, {@code .} for any character, names of rules,
 * parentheses, alternatives with {@code |}, the repetitions {@code ? * + {m} {m,} {m,n}} behind any of these, and
 * comments from {@code #} to the end of the line. Escapes are {@code \n \r \t \\ \" \[ \] \- \^}, {@code \xHH},
 * {@code \}{@code uHHHH} and {@code \UHHHHHHHH}. Characters are Unicode code points.
 *
 * <p>Unlike llama.cpp it takes repetitions of what may be empty, and bounds up to {@value GbnfParser#MOST_REPETITIONS}; a
 * rule must not be defined twice. Tokens ({@code <think>}, {@code <[1000]>}) are not supported: a grammar is about text.
 */
public final class Gbnf {

  private Gbnf() {}

  /**
   * Reads a grammar.
   *
   * @throws io.github.llava4j.ConstraintException if it is wrong, has left recursion, matches nothing, or is too large;
   *     the message names line and column
   * @throws io.github.llava4j.UnsupportedConstraintException if it speaks of tokens
   */
  public static Grammar parse(String text) {
    Map<String, GbnfRule> rules = new GbnfParser(text).rules();
    GbnfAnalysis analysis = new GbnfAnalysis(rules);
    return new GbnfCompiler(rules, analysis).grammar();
  }
}
