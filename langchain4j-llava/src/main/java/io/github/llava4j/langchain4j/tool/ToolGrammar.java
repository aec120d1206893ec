package io.github.llava4j.langchain4j.tool;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Call;
import io.github.llava4j.constraint.grammar.Expression.Choice;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Repeat;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Signal;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.regular.Language;
import io.github.llava4j.constraint.schema.JsonSchemas;
import io.github.llava4j.constraint.schema.SchemaGrammar;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.schema.Unsupported;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that may call tools: the decision first, in plain words, then arguments under the tool's schema.
 *
 * <pre>
 * Action: getWeather               Action: answer
 * Arguments: {"city": "Munich"}    It is a cat.
 * </pre>
 *
 * <p>Each tool's schema is compiled by itself, so that a message names the tool. What a grammar cannot express of it is
 * left to who executes the tool, with a warning: one odd tool must not take a whole agent down.
 */
public final class ToolGrammar {

  /** The answer in words follows. */
  public static final int ANSWER = 0;
  /** The line of thought begins. */
  public static final int THOUGHT = 1;
  /** The line of thought ends; the decision follows behind a line break. */
  public static final int THOUGHT_END = 2;

  private static final Logger LOG = LoggerFactory.getLogger(ToolGrammar.class);
  private static final int MOST_WARNINGS = 1000;
  private static final Set<String> WARNED = new HashSet<>();
  private static final int FIRST_TOOL = 3;
  private static final String CALL = "call:";

  private ToolGrammar() {}

  /** The signal in front of the arguments of tool {@code i}. */
  public static int begin(int i) {
    return FIRST_TOOL + 2 * i;
  }

  /** Which tool's arguments begin or end with that signal. */
  public static int tool(int signal) {
    return (signal - FIRST_TOOL) / 2;
  }

  /** Whether a tool's arguments begin with that signal, which is one of a tool's. */
  public static boolean isBegin(int signal) {
    return (signal - FIRST_TOOL) % 2 == 0;
  }

  /**
   * The root of the grammar.
   *
   * @param rules get what the root calls
   * @param answer what an answer in words must be
   * @throws UnsupportedConstraintException if a tool's schema uses what answers cannot be held to
   * @throws ConstraintException if a tool's schema is wrong, or nothing matches it
   */
  public static Expression of(ToolSet set, Expression answer, SchemaOptions options, Map<String, Expression> rules) {
    SchemaOptions lenient = options.withUnsupported(Unsupported.IGNORE);
    List<Expression> calls = new ArrayList<>();
    for (int i = 0; i < set.tools().size(); i++) {
      Tool tool = set.tools().get(i);
      SchemaGrammar arguments = compile(tool, lenient, "tool" + i + ':');
      rules.putAll(arguments.rules());
      calls.add(Sequence.of(
          new Literal(' ' + tool.name() + "\nArguments: "),
          new Signal(begin(i)), arguments.root(), new Signal(begin(i) + 1)));
    }
    rules.put(CALL, calls.size() == 1 ? calls.getFirst() : new Choice(calls));
    Expression further =
        new Repeat(Sequence.of(new Literal("\nAction:"), new Call(CALL)), Expression.EMPTY, 0, set.maxCalls() - 1);
    Expression decision = Sequence.of(new Call(CALL), set.maxCalls() > 1 ? further : Expression.EMPTY);
    if (!set.required()) {
      decision = Choice.of(decision, Sequence.of(new Literal(' ' + set.answerWord() + '\n'), new Signal(ANSWER), answer));
    }
    return set.thought() == 0
        ? Sequence.of(new Literal("Action:"), decision)
        : Sequence.of(
            new Literal("Thought: "), new Signal(THOUGHT), line(set.thought()), new Signal(THOUGHT_END),
            new Literal("\nAction:"), decision);
  }

  private static Terminal line(int most) {
    Language character =
        Language.union(Language.range(0, '\n' - 1), Language.range('\n' + 1, Character.MAX_CODE_POINT));
    return new Terminal(character.repeat(0, Integer.MAX_VALUE), Expression.Encoding.RAW, 0, most);
  }

  private static SchemaGrammar compile(Tool tool, SchemaOptions options, String prefix) {
    try {
      SchemaGrammar grammar = JsonSchemas.compile(tool.schema(), options, prefix);
      if (!grammar.ignored().isEmpty() && firstTime(tool.name() + grammar.ignored())) {
        LOG.warn("Calls of tool {} are not held to {} of its schema; who executes it must check",
            tool.name(), String.join(", ", grammar.ignored()));
      }
      return grammar;
    } catch (UnsupportedConstraintException e) {
      throw new UnsupportedConstraintException("tool " + tool.name() + ": " + e.getMessage());
    } catch (ConstraintException e) {
      throw new ConstraintException("tool " + tool.name() + ": " + e.getMessage(), e);
    }
  }

  private static boolean firstTime(String warning) {
    synchronized (WARNED) {
      return WARNED.size() < MOST_WARNINGS && WARNED.add(warning);
    }
  }
}
