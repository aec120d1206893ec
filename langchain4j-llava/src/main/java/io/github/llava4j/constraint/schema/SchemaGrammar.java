package io.github.llava4j.constraint.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;

/**
 * A schema as a part of a grammar.
 *
 * @param rules their names begin with the prefix that was asked for
 * @param root the whole value, with no white space around it
 * @param ignored keywords that say nothing here, each with its place: {@code format at #/properties/id}
 * @param needsCheck whether some keyword has to be checked when the answer is there, by {@link SchemaValidator}
 */
public record SchemaGrammar(Map<String, Expression> rules, Expression root, List<String> ignored, boolean needsCheck) {

  public SchemaGrammar {
    rules = Map.copyOf(rules);
    ignored = List.copyOf(ignored);
  }

  /** The same as a grammar of its own, with {@code name} as the root. */
  public Grammar toGrammar(String name) {
    Map<String, Expression> all = new LinkedHashMap<>(rules);
    all.put(name, root);
    return new Grammar(all, name);
  }
}
