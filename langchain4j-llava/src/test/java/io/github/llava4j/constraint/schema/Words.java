package io.github.llava4j.constraint.schema;

import java.util.List;

import io.github.llava4j.constraint.grammar.GrammarOracle;

import static org.assertj.core.api.Assertions.assertThat;

/** What a schema's grammar takes and what it does not, in the compact spelling unless options say otherwise. */
record Words(String schema, SchemaGrammar grammar, GrammarOracle oracle) {

  static final SchemaOptions COMPACT = SchemaOptions.DEFAULT.withStyle(JsonStyle.COMPACT);

  static Words of(String schema) {
    return of(schema, COMPACT);
  }

  static Words of(String schema, SchemaOptions options) {
    SchemaGrammar grammar = JsonSchemas.compile(JsonSchemas.read(schema.replace('\'', '"')), options, "s");
    return new Words(schema, grammar, new GrammarOracle(grammar.toGrammar("root")));
  }

  Words takes(String... words) {
    for (String word : words) {
      String json = word.replace('\'', '"');
      assertThat(oracle.isWord(json)).as("%s takes %s", schema, json).isTrue();
      for (int end = 0; end < json.length(); end = json.offsetByCodePoints(end, 1)) {
        assertThat(oracle.isPrefix(json.substring(0, end))).as("%s: begins with %s", schema, json).isTrue();
      }
    }
    return this;
  }

  Words refuses(String... words) {
    for (String word : words) {
      String json = word.replace('\'', '"');
      assertThat(oracle.isWord(json)).as("%s refuses %s", schema, json).isFalse();
    }
    return this;
  }

  Words ignores(String... ignored) {
    assertThat(grammar.ignored()).isEqualTo(List.of(ignored));
    return this;
  }
}
