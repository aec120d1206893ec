package io.github.llava4j.constraint.schema;

import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.ConstraintException;

/**
 * JSON Schema, drafts 04 to 2020-12, as grammars. What is enforced and what is not stands in docs/constrained-decoding.md.
 *
 * <p>Schemas may come from strangers: their size, nesting and cost are bounded, no depth of theirs is a depth of calls, and
 * nothing is fetched.
 */
public final class JsonSchemas {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(SchemaDocument.DEEPEST)
                          .maxNumberLength(1_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonSchemas() {}

  /**
   * Reads a schema with exact numbers and its order of keys. Of a key that is there twice the last counts.
   *
   * @throws ConstraintException if it is not JSON, or exceeds a limit
   */
  public static JsonNode read(String schema) {
    if (schema.length() > SchemaDocument.MOST_CHARACTERS) {
      throw new ConstraintException(
          "the schema is too large: at most " + SchemaDocument.MOST_CHARACTERS + " characters, but has " + schema.length());
    }
    try {
      JsonNode node = MAPPER.readTree(schema);
      if (node instanceof MissingNode) {
        throw new ConstraintException("the schema is empty");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw new ConstraintException("the schema is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Compiles a schema.
   *
   * @param schema best from {@link #read}: a tree with doubles has lost what was written
   * @param rulePrefix what the names of its rules begin with; where several schemas share a grammar, none of their prefixes
   *     may begin with another
   * @throws ConstraintException if the schema is wrong, too large, or nothing fits it
   * @throws io.github.llava4j.UnsupportedConstraintException for a keyword that cannot be enforced, as the options say
   */
  public static SchemaGrammar compile(JsonNode schema, SchemaOptions options, String rulePrefix) {
    Session session = new Session(new SchemaDocument(schema), options);
    Atom whole = new Atom.Whole(session.document.root, Atom.Role.HOST);
    Graph graph = new Graph(session, session.conjunction(List.of(whole)));
    return new GrammarWriter(session, rulePrefix).write(graph);
  }

  /** Any JSON object, with values that nest at most 16 deep. */
  public static SchemaGrammar anyObject(SchemaOptions options, String rulePrefix) {
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    return new GrammarWriter(new Session(new SchemaDocument(nothing), options), rulePrefix).anyObject();
  }
}
