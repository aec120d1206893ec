package io.github.llava4j.constraint.grammar;

import java.util.Map;

import io.github.llava4j.ConstraintException;

/**
 * A context-free grammar without left recursion.
 *
 * @param root name of the rule that a whole answer follows
 */
public record Grammar(Map<String, Expression> rules, String root) {

  public Grammar {
    rules = Map.copyOf(rules);
    if (!rules.containsKey(root)) {
      throw new ConstraintException("the grammar has no rule " + root);
    }
  }
}
