package io.github.llava4j.langchain4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.constraint.gbnf.Gbnf;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Patterns;
import io.github.llava4j.constraint.schema.JsonSchemas;
import io.github.llava4j.constraint.schema.SchemaGrammar;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.langchain4j.json.SchemaNodes;
import io.github.llava4j.langchain4j.tool.Tool;
import io.github.llava4j.langchain4j.tool.ToolGrammar;
import io.github.llava4j.langchain4j.tool.ToolSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes constraints of formats and tools for one model, and keeps the latest: most requests ask for the same again. */
final class AnswerConstraints {

  /**
   * A format and tools, ready for the engine.
   *
   * @param needsCheck whether the format says more than the constraint
   */
  record Compiled(Constraint constraint, boolean needsCheck) {}

  /** Everything that a constraint depends on. Schemas as text: the order of their properties counts. */
  private record Key(
      String format, List<String> tools, boolean required, int maxCalls, int thought, SchemaOptions options) {}

  private static final Logger LOG = LoggerFactory.getLogger(AnswerConstraints.class);
  /** Each can take some megabytes. */
  private static final int MOST_KEPT = 32;
  /** No rule of a schema or of GBNF begins like these. */
  private static final String ROOT = "root:";
  private static final String ANSWER = "answer:";

  private final Supplier<TokenTable> tokens;
  private final Map<Key, Compiled> kept = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Compiled> eldest) {
      return size() > MOST_KEPT;
    }
  };

  /** @param tokens is asked when there is something to constrain */
  AnswerConstraints(Supplier<TokenTable> tokens) {
    this.tokens = tokens;
  }

  /**
   * What holds an answer to {@code format}, or lets it call {@code tools}.
   *
   * @param tools null for none
   * @return null if the answer may be anything
   * @throws io.github.llava4j.UnsupportedConstraintException if it uses what answers cannot be held to
   * @throws io.github.llava4j.ConstraintException if it is wrong
   */
  @Nullable Compiled of(AnswerFormat format, @Nullable ToolSet tools, SchemaOptions options) {
    if (tools == null && format instanceof AnswerFormat.Free) {
      return null;
    }
    Key key = key(format, tools, options);
    Compiled known;
    synchronized (kept) {
      known = kept.get(key);
    }
    if (known != null) {
      return known;
    }
    Compiled compiled = compile(format, tools, options);
    synchronized (kept) {
      kept.put(key, compiled);
    }
    return compiled;
  }

  private static Key key(AnswerFormat format, @Nullable ToolSet tools, SchemaOptions options) {
    if (tools == null) {
      return new Key(format.key(), List.of(), false, 0, 0, options);
    }
    List<String> each = tools.tools().stream().map(tool -> tool.name() + '\n' + tool.schema()).toList();
    return new Key(format.key(), each, tools.required(), tools.maxCalls(), tools.thought(), options);
  }

  private Compiled compile(AnswerFormat format, @Nullable ToolSet tools, SchemaOptions options) {
    Map<String, Expression> rules = new LinkedHashMap<>();
    boolean needsCheck = false;
    Expression answer;
    switch (format) {
      case AnswerFormat.Free free -> answer = new Expression.Rest();
      case AnswerFormat.AnyObject any -> {
        SchemaGrammar object = JsonSchemas.anyObject(options, ANSWER);
        rules.putAll(object.rules());
        answer = object.root();
      }
      case AnswerFormat.Schema(JsonNode schema, boolean whole) -> {
        SchemaGrammar compiled = schema(schema, options.withAllProperties(whole));
        needsCheck = compiled.needsCheck();
        rules.putAll(compiled.rules());
        answer = compiled.root();
      }
      case AnswerFormat.Held(LlavaGrammar grammar) -> answer = switch (grammar.kind()) {
        case JSON_SCHEMA -> {
          SchemaGrammar compiled = schema(SchemaNodes.parse(grammar.text()), options);
          needsCheck = compiled.needsCheck();
          rules.putAll(compiled.rules());
          yield compiled.root();
        }
        case REGEX -> regex(grammar.text());
        case GBNF -> {
          Grammar parsed = Gbnf.parse(grammar.text());
          rules.putAll(parsed.rules());
          yield new Expression.Call(parsed.root());
        }
      };
    }
    rules.put(ROOT, tools == null ? answer : ToolGrammar.of(tools, answer, options, rules));
    return new Compiled(Constraint.of(new Grammar(rules, ROOT), tokens.get()), needsCheck);
  }

  private static SchemaGrammar schema(JsonNode schema, SchemaOptions options) {
    SchemaGrammar compiled = JsonSchemas.compile(schema, options, ANSWER);
    if (!compiled.ignored().isEmpty()) {
      LOG.warn("Answers are not held to {} of their JSON schema", String.join(", ", compiled.ignored()));
    }
    return compiled;
  }

  /** The whole answer must match, and what the pattern says by itself must be right: it could close the group. */
  private static Expression regex(String pattern) {
    Patterns.search(pattern);
    return Expression.Terminal.raw(Patterns.search("^(?:" + pattern + ")$"));
  }
}
