package io.github.llava4j.constraint.gbnf;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class GbnfTest {

  static Stream<Arguments> grammars() {
    return Stream.of(
        arguments("root ::= \"yes\" | \"no\"", List.of("yes", "no"), List.of("", "y", "yesno", "Yes")),
        arguments("root ::= \"\"", List.of(""), List.of(" ", "\"")),
        arguments("root ::= ", List.of(""), List.of("a")),
        arguments("root ::= | \"a\" |", List.of("", "a"), List.of("aa")),
        arguments("root ::= \"a\" \"b\"", List.of("ab"), List.of("a b", "a", "b")),
        arguments("root::=[a-c]", List.of("a", "b", "c"), List.of("d", "-", "ab", "")),
        arguments("root ::= [-+]", List.of("-", "+"), List.of(",", "")),
        arguments("root ::= [+-]", List.of("-", "+"), List.of(",", "")),
        arguments("root ::= [a\\-c]", List.of("a", "-", "c"), List.of("b")),
        arguments("root ::= [\\]\\[\\\\^]", List.of("]", "[", "\\", "^"), List.of("")),
        arguments("root ::= [^a-z\\n]", List.of("A", "\r", "\0", "😀", "é"), List.of("a", "z", "\n", "")),
        arguments("root ::= .", List.of("a", "\n", "😀"), List.of("", "ab")),
        arguments("root ::= \"\\x41\\u00e9\\U0001F600\\t\\r\\n\\\"\\\\\"", List.of("Aé😀\t\r\n\"\\"), List.of("A")),
        arguments("root ::= [ぁ-ゟ]{2}", List.of("ひら"), List.of("ひ", "カナ")),
        arguments("root ::= [\\U0001F600-\\U0001F64F]+", List.of("😀", "😀🙏"), List.of("🚀", "")),
        arguments("root ::= \"a\"?", List.of("", "a"), List.of("aa")),
        arguments("root ::= \"ab\"*", List.of("", "ab", "abab"), List.of("a", "abb")),
        arguments("root ::= \"ab\"+", List.of("ab", "abab"), List.of("", "aba")),
        arguments("root ::= \"a\"{3}", List.of("aaa"), List.of("aa", "aaaa")),
        arguments("root ::= \"a\"{2,}", List.of("aa", "aaaaaaa"), List.of("a", "")),
        arguments("root ::= \"a\"{ 1 , 2 } \"b\"", List.of("ab", "aab"), List.of("b", "aaab")),
        arguments("root ::= \"a\"{0} \"b\"{0,0}", List.of(""), List.of("a", "b")),
        arguments("root ::= \"a\" *", List.of("", "aa"), List.of("b")),
        arguments("root ::= \"a\"{2}{2}", List.of("aaaa"), List.of("aa", "aaa")),
        arguments("root ::= (\"a\" | \"b\")* \"c\"", List.of("c", "abac"), List.of("ab", "ca")),
        arguments("root ::= (\n  \"a\" # first\n  \"b\"\n)", List.of("ab"), List.of("a")),
        arguments("root ::= \"a\" |\n  \"b\" |\n\n # and\n \"c\"", List.of("a", "b", "c"), List.of("ab")),
        arguments("root ::=\n  \"a\"\n", List.of("a"), List.of("")),
        arguments("# says\r\nroot ::= x \"#\" # not a comment in quotes\r\nx ::= [#]\r\n", List.of("##"), List.of("#")),
        arguments("root ::= a-b_1 Z9\na-b_1 ::= \"x\"\nZ9 ::= \"y\"", List.of("xy"), List.of("x")),
        // Recursion in the middle and on the right.
        arguments("root ::= \"(\" root? \")\"", List.of("()", "((()))"), List.of("(", "(()", "")),
        arguments("root ::= \"a\" root | \"b\"", List.of("b", "aaab"), List.of("a", "ba")),
        arguments("root ::= e\ne ::= t (\"+\" t)*\nt ::= [0-9]+ | \"(\" e \")\"",
            List.of("1", "1+23", "(1+(2))+3"), List.of("", "1+", "(1", "+1")),
        // Repetitions of what may be empty.
        arguments("root ::= (\"a\"?)*", List.of("", "a", "aaa"), List.of("b")),
        arguments("root ::= (\"a\"*){3} \"b\"", List.of("b", "ab", "aaaaab"), List.of("", "ba")),
        arguments("root ::= (x | \"\"){2,3}\nx ::= \"(\" root \")\"", List.of("", "()", "()()()", "(()())"), List.of("()()()()", "(")),
        arguments("root ::= (x y)+ \"!\"\nx ::= \"\" | \"[\" x \"]\"\ny ::= x x",
            List.of("!", "[]!", "[[]][][][[[]]]!"), List.of("", "[!", "][!")),
        arguments("root ::= (\"\" | \"\")* empty{5}\nempty ::= \"\"{2}", List.of(""), List.of("a")),
        // What is no part of any answer.
        arguments("root ::= \"a\" | never\nnever ::= \"b\" never", List.of("a"), List.of("b", "bb")),
        arguments("root ::= \"a\" never?\nnever ::= \"b\" never", List.of("a"), List.of("ab")),
        arguments("root ::= \"a\" b{0} c?\nb ::= c\nc ::= \"c\" b{0}", List.of("a", "ac"), List.of("acc", "c")),
        // Long counts.
        arguments("root ::= [a-z]{2,500}", List.of("ab", "a".repeat(500)), List.of("a", "a".repeat(501), "aB")),
        arguments("root ::= .{3,1000000} ", List.of("a\n😀", "b".repeat(3000)), List.of("ab")),
        arguments("root ::= (\"a\" | \"bc\"){100,200}", List.of("a".repeat(100), "abc".repeat(100)),
            List.of("a".repeat(99), "a".repeat(201))),
        arguments("root ::= [ab]* \"a\" [ab]{12}", List.of("a".repeat(13), "b".repeat(99) + "abbaabbaabbaa"),
            List.of("b".repeat(13), "")));
  }

  @ParameterizedTest
  @MethodSource("grammars")
  void acceptsWhatTheNotationSays(String text, List<String> words, List<String> others) {
    GrammarOracle oracle = new GrammarOracle(Gbnf.parse(text));
    assertThat(words).allMatch(oracle::isWord);
    assertThat(others).noneMatch(oracle::isWord);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        arguments("", "no rule \"root\""),
        arguments("a ::= \"a\"\n", "no rule \"root\""),
        arguments("root ::= a b\na ::= \"a\"", "line 1, column 12: there is no rule \"b\""),
        arguments("root ::= \"a\"\n\n  root ::= \"b\"", "line 3, column 3: the rule \"root\" is defined already in line 1"),
        arguments("root = \"a\"", "line 1, column 6: expected ::= behind the name \"root\", found ="),
        arguments("root ::= \"a\"\n| \"b\"", "line 2, column 1: expected the name of a rule, found |"),
        arguments("root ::= \"a\"\n\"b\"", "line 2, column 1: expected the name of a rule, found \""),
        arguments("root ::= \"é😀\" )", "line 1, column 15: expected the end of the line, found )"),
        arguments("root ::= ( \"a\"", "line 1, column 15: expected ) for the ( in line 1, column 10, found the end of the text"),
        arguments("root ::= \"a", "line 1, column 10: the text that begins here has no closing quote"),
        arguments("root ::= [a", "line 1, column 10: the class of characters that begins here has no ]"),
        arguments("root ::= []", "line 1, column 10: the class of characters has none"),
        arguments("root ::= [^]", "line 1, column 10: the class of characters has none"),
        arguments("root ::= [^\\x00-\\U0010FFFF]", "line 1, column 10: the class of characters leaves none"),
        arguments("root ::= [z-a]", "line 1, column 11: the range ends before it begins"),
        arguments("root ::= \"\\q\"", "line 1, column 11: there is no escape \\q"),
        arguments("root ::= \"\\x4\"", "line 1, column 11: the escape needs 2 hexadecimal digits"),
        arguments("root ::= \"\\ud800\"", "line 1, column 11: U+D800 is no character"),
        arguments("root ::= \"\\U00110000\"", "line 1, column 11: U+110000 is no character"),
        arguments("root ::= \"\\UFFFFFFFF\"", "is no character"),
        arguments("root ::= \"\ud800\"", "line 1, column 11: U+D800 is no character"),
        arguments("root ::= \"\\", "line 1, column 11: the text ends inside an escape"),
        arguments("root ::= *", "line 1, column 10: there is nothing in front of * to repeat"),
        arguments("root ::= \"a\"{,3}", "line 1, column 14: expected a number, found ,"),
        arguments("root ::= \"a\"{3,2}", "line 1, column 13: the repetition {3,2} allows nothing"),
        arguments("root ::= \"a\"{3;", "line 1, column 15: expected {m}, {m,} or {m,n}, found ;"),
        arguments("root ::= \"a\"{1000001}", "a repetition may count to 1000000 at most"),
        arguments("root ::= \"a\"{99999999999999999999}", "a repetition may count to 1000000 at most"),
        arguments("root ::= \"a\"?????", "line 1, column 17: more than 4 repetitions of one another"),
        arguments("root ::= root \"a\" | \"b\"", "line 1, column 10: the rule \"root\" may begin with itself (root -> root)"),
        arguments("root ::= a\na ::= b? (c)*\nb ::= \"\"\nc ::= \"x\" | b{2} a \"y\"",
            "line 4, column 18: the rule \"a\" may begin with itself (a -> c -> a); left recursion is not allowed"),
        arguments("root ::= \"a\"\nx ::= y\ny ::= x", "line 3, column 7: the rule \"x\" may begin with itself (x -> y -> x)"),
        arguments("root ::= \"a\" root", "line 1, column 1: nothing matches the rule \"root\""),
        arguments("root ::= " + "(".repeat(65) + ")".repeat(65), "more than 64 parentheses inside one another"),
        arguments("root ::= " + "\"a\" ".repeat(50_001), "more than 50000 parts"),
        arguments("root ::= \"\"\n" + rules(5_000, "\"\""), "more than 5000 rules"),
        arguments("#".repeat(600_000), "the grammar has 600000 characters; at most 524288 are allowed"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void saysWhatIsWrongAndWhere(String text, String message) {
    assertThatThrownBy(() -> Gbnf.parse(text)).isInstanceOf(ConstraintException.class).hasMessageContaining(message);
  }

  @Test
  void refusesTokens() {
    assertThatThrownBy(() -> Gbnf.parse("root ::= <think> .*")).isInstanceOf(UnsupportedConstraintException.class)
        .hasMessageContaining("line 1, column 10: tokens such as <think>");
    assertThatThrownBy(() -> Gbnf.parse("root ::= !<[1]>")).isInstanceOf(UnsupportedConstraintException.class);
  }

  @Test
  void joinsWhatIsRegular() {
    Grammar grammar = Gbnf.parse("""
        root ::= "value: " number unit?
        number ::= "-"? digit+ ("." digit+)?
        digit ::= [0-9]
        unit ::= " " ("mm" | "cm")
        """);
    assertThat(grammar.rules()).containsOnlyKeys("root");
    assertThat(grammar.rules().get("root")).isInstanceOfSatisfying(Expression.Sequence.class, sequence -> {
      assertThat(sequence.parts()).hasSize(2);
      assertThat(sequence.parts().getFirst()).isEqualTo(new Expression.Literal("value: "));
      assertThat(sequence.parts().getLast()).isInstanceOf(Expression.Terminal.class);
    });
  }

  @Test
  void neverUnrollsLongRepetitions() {
    assertThat(Gbnf.parse("root ::= .{2,100000}").rules().get("root"))
        .isInstanceOfSatisfying(Expression.Terminal.class, terminal -> assertThat(terminal.maxLength()).isEqualTo(100_000));
    assertThat(Gbnf.parse("root ::= (\"abc\" | \"d\"){2,100000}").rules().get("root"))
        .isInstanceOfSatisfying(Expression.Repeat.class, repeat -> assertThat(repeat.max()).isEqualTo(100_000));
  }

  @Test
  void takesThousandsOfAlternatives() {
    StringBuilder text = new StringBuilder("root ::= \"\"");
    for (int i = 0; i < 5_000; i++) {
      text.append(" | \"number ").append(i).append('"');
    }
    Grammar grammar = Gbnf.parse(text.toString());
    assertThat(grammar.rules().get("root")).isInstanceOf(Expression.Terminal.class);
    assertThat(new GrammarOracle(grammar).isWord("number 4999")).isTrue();
    assertThat(new GrammarOracle(grammar).isWord("number 5000")).isFalse();
  }

  @Test
  void needsLittleStackForWhatIsDeep() throws InterruptedException {
    String chain = "root ::= r0\n" + chain(4_990) + "r4990 ::= \"x\" r0? \"y\"\n";
    String nested = "root ::= " + "(\"a\"? | ".repeat(63) + "\"b\" root \"c\"" + ")*+?*".repeat(63);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, () -> {
      assertThat(Gbnf.parse(nested).rules()).isNotEmpty();
      assertThat(Gbnf.parse(chain).rules()).isNotEmpty();
    }, "small stack", 512 * 1024);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertThat(thrown.get()).isNull();
  }

  private static String chain(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("r").append(i).append(" ::= r").append(i + 1).append('\n');
    }
    return text.toString();
  }

  private static String rules(int count, String body) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("r").append(i).append(" ::= ").append(body).append('\n');
    }
    return text.toString();
  }
}
