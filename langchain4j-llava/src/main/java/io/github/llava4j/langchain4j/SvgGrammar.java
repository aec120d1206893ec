package io.github.llava4j.langchain4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.llava4j.constraint.grammar.Expression;
import io.github.llava4j.constraint.grammar.Expression.Choice;
import io.github.llava4j.constraint.grammar.Expression.Literal;
import io.github.llava4j.constraint.grammar.Expression.Sequence;
import io.github.llava4j.constraint.grammar.Expression.Terminal;
import io.github.llava4j.constraint.grammar.Grammar;
import io.github.llava4j.constraint.regular.Language;

/**
 * The drawings that models may write: a small part of SVG 1.1 in which each document is well-formed, draws something,
 * loads nothing and runs nothing, and is small.
 *
 * <p>A document is an {@code svg} element with its namespace, width, height (1 to 2000) and perhaps a viewBox; in it a
 * title, gradients in {@code defs}, and up to {@value #MOST_ELEMENTS} shapes, texts and groups, groups in groups at most
 * {@value #DEEPEST} deep. Attributes come in any order, each once; those without which nothing would be seen must be there.
 * Numbers have up to four digits and three decimals.
 */
final class SvgGrammar {

  static final int MOST_ELEMENTS = 64;
  static final int DEEPEST = 4;
  private static final int MOST_POINTS = 64;
  private static final int MOST_GRADIENTS = 4;
  private static final int MOST_STOPS = 8;
  private static final int MOST_TEXT = 200;
  private static final int MOST_PATH = 600;
  private static final int NO_LIMIT = Integer.MAX_VALUE;
  /** Set when there is something to see. */
  private static final int DRAWN = 0;

  private static final Language DIGIT = Language.range('0', '9');
  private static final Language LETTER = Language.union(Language.range('a', 'z'), Language.range('A', 'Z'));
  private static final Language HEX = Language.union(DIGIT, Language.range('a', 'f'), Language.range('A', 'F'));
  private static final Language POSITIVE = joined(
      DIGIT.repeat(1, 4), joined(Language.of("."), DIGIT.repeat(1, 3)).optional());
  private static final Language NUMBER = joined(Language.of("-").optional(), POSITIVE);
  private static final Language FACTOR = joined(
      Language.of("-").optional(), DIGIT.repeat(1, 2), joined(Language.of("."), DIGIT.repeat(1, 3)).optional());
  /** At least 1: shorter dashes on long lines would be millions. */
  private static final Language DASH = joined(Language.range('1', '9'), DIGIT.repeat(0, 2));
  private static final Language SIZE = Language.union(
      joined(Language.range('1', '9'), DIGIT.repeat(0, 2)), joined(Language.of("1"), DIGIT.repeat(3, 3)),
      Language.of("2000"));
  private static final Language FRACTION = Language.union(
      joined(Language.of("0"), joined(Language.of("."), DIGIT.repeat(1, 3)).optional()),
      joined(Language.of("1"), joined(Language.of("."), Language.of("0").repeat(1, 3)).optional()),
      joined(Language.of("."), DIGIT.repeat(1, 3)));
  private static final Language PERCENT = joined(DIGIT.repeat(1, 3), Language.of("%"));
  private static final Language COMMA = Language.ofAll(List.of(" ", ",", ", "));
  private static final Language PAIR = joined(NUMBER, COMMA, NUMBER);
  private static final Language NAME =
      joined(LETTER, Language.union(LETTER, DIGIT, Language.ofAll(List.of("-", "_"))).repeat(0, 15));
  private static final Language COLOUR = colour();
  private static final Language PAINT =
      Language.union(COLOUR, joined(Language.of("url(#"), NAME, Language.of(")")));

  private record Attribute(String name, Expression value) {

    static Attribute of(String name, Language value) {
      return new Attribute(name, Terminal.raw(value));
    }

    static Attribute words(String name, String... values) {
      return of(name, Language.ofAll(List.of(values)));
    }
  }

  private static final List<Attribute> PRESENTATION = List.of(
      Attribute.of("fill", PAINT), Attribute.of("stroke", PAINT), Attribute.of("stroke-width", POSITIVE),
      Attribute.of("opacity", FRACTION), Attribute.of("fill-opacity", FRACTION),
      Attribute.of("stroke-opacity", FRACTION), Attribute.words("stroke-linecap", "butt", "round", "square"),
      Attribute.words("stroke-linejoin", "miter", "round", "bevel"),
      Attribute.of("stroke-dasharray", joined(DASH, joined(COMMA, DASH).repeat(0, 5))),
      Attribute.words("fill-rule", "nonzero", "evenodd"), new Attribute("transform", transform()),
      Attribute.of("id", NAME));
  private static final List<Attribute> FONT = List.of(
      Attribute.of("font-size", joined(POSITIVE, Language.of("px").optional())),
      Attribute.of("font-family", joined(LETTER, Language.union(LETTER, Language.ofAll(List.of(" ", ",", "-"))).repeat(0, 40))),
      Attribute.words("font-weight", "normal", "bold", "100", "200", "300", "400", "500", "600", "700", "800", "900"),
      Attribute.words("font-style", "normal", "italic", "oblique"),
      Attribute.words("text-anchor", "start", "middle", "end"),
      Attribute.words("dominant-baseline", "auto", "middle", "central", "hanging"));

  private final Map<String, Expression> rules = new HashMap<>();

  private SvgGrammar() {}

  /** Drawings of any size. */
  static Grammar any() {
    SvgGrammar grammar = new SvgGrammar();
    Expression start = Sequence.of(
        new Literal("<svg"),
        grammar.attributes("svg attributes", ">",
            List.of(new Attribute("xmlns", new Literal(SvgDocument.NAMESPACE)), Attribute.of("width", SIZE), Attribute.of("height", SIZE)),
            List.of(Attribute.of("viewBox", joined(PAIR, Language.of(" "), joined(POSITIVE, Language.of(" "), POSITIVE))))));
    return grammar.of(start);
  }

  /** Drawings that begin with {@code start}, the whole tag of the svg element. */
  static Grammar on(String start) {
    return new SvgGrammar().of(new Literal(start));
  }

  private Grammar of(Expression start) {
    rules.put("space", space());
    rules.put("document", Sequence.of(start, new Expression.Scope(new Expression.Call("beginning"))));
    // What a model may write in front of the shapes, and what follows either way.
    rules.put("beginning", Sequence.of(
        new Expression.Call("space"),
        optional(Sequence.of(element("title", text()), new Expression.Call("space"))),
        optional(Sequence.of(new Literal("<defs>"), gradients(), new Literal("</defs>"), new Expression.Call("space"))),
        new Expression.Call("content 0")));
    List<String> shapes = shapes();
    rules.put("g", Sequence.of(
        new Literal("<g"),
        attributes("g attributes", ">", List.of(), Stream.concat(PRESENTATION.stream(), FONT.stream()).toList())));
    for (int depth = 0; depth <= DEEPEST; depth++) {
      rules.put("content " + depth, content(depth, shapes));
    }
    return new Grammar(rules, "document");
  }

  /**
   * Elements up to the end of the group, or of the document. All levels call one another in tail position, so that one
   * scope counts the elements of all.
   */
  private static Expression content(int depth, List<String> shapes) {
    List<Expression> alternatives = new ArrayList<>();
    alternatives.add(Sequence.of(
        new Expression.Test(0, MOST_ELEMENTS - 1, 0, 0),
        new Choice(shapes.stream().<Expression>map(Expression.Call::new).toList()),
        new Expression.Mark(DRAWN), new Expression.Tick(), new Expression.Call("space"),
        new Expression.Call("content " + depth)));
    if (depth < DEEPEST) {
      // One element is left for a shape, without which the document could not end.
      alternatives.add(Sequence.of(
          new Expression.Test(0, MOST_ELEMENTS - 2, 0, 0), new Expression.Call("g"), new Expression.Tick(),
          new Expression.Call("space"), new Expression.Call("content " + (depth + 1))));
    }
    alternatives.add(depth == 0
        ? Sequence.of(new Expression.Test(0, NO_LIMIT, 1L << DRAWN, 0), new Literal("</svg>"))
        : Sequence.of(new Literal("</g>"), new Expression.Call("space"), new Expression.Call("content " + (depth - 1))));
    return new Choice(alternatives);
  }

  /** Makes a rule for each shape; returns their names. */
  private List<String> shapes() {
    List<Attribute> corners = Stream.concat(numbers("x", "y").stream(),
        Stream.of(Attribute.of("rx", POSITIVE), Attribute.of("ry", POSITIVE))).toList();
    shape("circle", List.of(Attribute.of("r", POSITIVE)), numbers("cx", "cy"));
    shape("rect", List.of(Attribute.of("width", POSITIVE), Attribute.of("height", POSITIVE)), corners);
    shape("ellipse", List.of(Attribute.of("rx", POSITIVE), Attribute.of("ry", POSITIVE)), numbers("cx", "cy"));
    // Its many required attributes come first: to find the shortest end among all orders would take long.
    rules.put("line", Sequence.of(
        new Literal("<line"), attributes("line ends", "", numbers("x1", "y1", "x2", "y2"), List.of()),
        attributes("line attributes", "/>", List.of(), PRESENTATION)));
    shape("polyline", List.of(points(2)), List.of());
    shape("polygon", List.of(points(3)), List.of());
    shape("path", List.of(new Attribute("d", path())), List.of());
    rules.put("text", Sequence.of(
        new Literal("<text"),
        attributes("text attributes", ">", numbers("x", "y"),
            Stream.of(PRESENTATION, FONT, numbers("dx", "dy")).flatMap(List::stream).toList()),
        text(), new Literal("</text>")));
    return List.of("circle", "rect", "ellipse", "line", "polyline", "polygon", "path", "text");
  }

  private void shape(String name, List<Attribute> required, List<Attribute> optional) {
    List<Attribute> all = Stream.concat(optional.stream(), PRESENTATION.stream()).toList();
    rules.put(name, Sequence.of(new Literal("<" + name), attributes(name + " attributes", "/>", required, all)));
  }

  /** Attributes in any order, each at most once, until nothing that is required is missing; then {@code end}. */
  private Expression attributes(String rule, String end, List<Attribute> required, List<Attribute> optional) {
    if (!rules.containsKey(rule)) {
      List<Attribute> all = Stream.concat(required.stream(), optional.stream()).toList();
      List<Expression> alternatives = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        alternatives.add(Sequence.of(
            new Expression.Test(0, NO_LIMIT, 0, 1L << i), new Literal(" " + all.get(i).name() + "=\""), all.get(i).value(),
            new Literal("\""), new Expression.Mark(i), new Expression.Call(rule)));
      }
      alternatives.add(Sequence.of(
          new Expression.Test(0, NO_LIMIT, (1L << required.size()) - 1, 0),
          end.startsWith("/") ? Sequence.of(optional(new Literal(" ")), new Literal(end)) : new Literal(end)));
      rules.put(rule, new Choice(alternatives));
    }
    return new Expression.Scope(new Expression.Call(rule));
  }

  private Expression gradients() {
    List<Attribute> line = Stream.of("x1", "y1", "x2", "y2").map(name -> Attribute.of(name, length())).toList();
    List<Attribute> circle = Stream.of("cx", "cy", "r", "fx", "fy").map(name -> Attribute.of(name, length())).toList();
    Expression gradient = Choice.of(gradient("linearGradient", line), gradient("radialGradient", circle));
    return Sequence.of(new Expression.Call("space"), new Expression.Repeat(gradient, Expression.EMPTY, 1, MOST_GRADIENTS));
  }

  private Expression gradient(String name, List<Attribute> geometry) {
    Expression stop = Sequence.of(
        new Literal("<stop"),
        attributes("stop attributes", "/>",
            List.of(Attribute.of("offset", Language.union(PERCENT, FRACTION)), Attribute.of("stop-color", COLOUR)),
            List.of(Attribute.of("stop-opacity", FRACTION))),
        new Expression.Call("space"));
    List<Attribute> optional = Stream.concat(
        geometry.stream(), Stream.of(Attribute.words("gradientUnits", "objectBoundingBox", "userSpaceOnUse"))).toList();
    return Sequence.of(
        new Literal("<" + name), attributes(name + " attributes", ">", List.of(Attribute.of("id", NAME)), optional),
        new Expression.Call("space"), new Expression.Repeat(stop, Expression.EMPTY, 1, MOST_STOPS),
        new Literal("</" + name + ">"), new Expression.Call("space"));
  }

  private static Language length() {
    return Language.union(NUMBER, PERCENT);
  }

  private static List<Attribute> numbers(String... names) {
    return Stream.of(names).map(name -> Attribute.of(name, NUMBER)).toList();
  }

  private static Attribute points(int least) {
    return new Attribute("points",
        new Expression.Repeat(Terminal.raw(PAIR), new Literal(" "), least, MOST_POINTS));
  }

  /** Moves, lines, curves and arcs, each with as many numbers as it needs, beginning with a move. */
  private static Expression path() {
    Language gap = Language.of(" ").optional();
    Language flag = Language.ofAll(List.of("0", "1"));
    Language arc = joined(POSITIVE, COMMA, POSITIVE, COMMA, NUMBER, COMMA, flag, COMMA, flag, COMMA, PAIR);
    Language move = joined(Language.ofAll(List.of("M", "m")), gap, PAIR);
    Language command = Language.union(
        move,
        joined(Language.ofAll(List.of("L", "l", "T", "t")), gap, PAIR),
        joined(Language.ofAll(List.of("H", "h", "V", "v")), gap, NUMBER),
        joined(Language.ofAll(List.of("C", "c")), gap, PAIR, COMMA, PAIR, COMMA, PAIR),
        joined(Language.ofAll(List.of("S", "s", "Q", "q")), gap, PAIR, COMMA, PAIR),
        joined(Language.ofAll(List.of("A", "a")), gap, arc),
        Language.ofAll(List.of("Z", "z")));
    Language all = joined(move, joined(gap, command).repeat(1, NO_LIMIT));
    return new Terminal(all, Expression.Encoding.RAW, 0, MOST_PATH);
  }

  private static Expression transform() {
    Language one = Language.union(
        joined(Language.of("translate("), NUMBER, joined(COMMA, NUMBER).optional(), Language.of(")")),
        joined(Language.of("scale("), FACTOR, joined(COMMA, FACTOR).optional(), Language.of(")")),
        joined(Language.of("rotate("), NUMBER, joined(COMMA, PAIR).optional(), Language.of(")")),
        joined(Language.ofAll(List.of("skewX(", "skewY(")), FACTOR, Language.of(")")));
    return new Expression.Repeat(Terminal.raw(one), new Literal(" "), 1, 3);
  }

  /** What may stand in a text: all characters that XML has, the three that mean something to it as entities. */
  private static Expression text() {
    Language plain = Language.union(
        Language.range(' ', 0xD7FF), Language.range(0xE000, 0xFFFD), Language.range(0x10000, 0x10FFFF));
    Language character = Language.union(
        plain.minus(Language.ofAll(List.of("<", ">", "&", "\u007f"))), Language.ofAll(List.of("&lt;", "&gt;", "&amp;")));
    return new Terminal(character.repeat(1, NO_LIMIT), Expression.Encoding.RAW, 0, MOST_TEXT);
  }

  private static Expression element(String name, Expression content) {
    return Sequence.of(new Literal("<" + name + ">"), content, new Literal("</" + name + ">"));
  }

  /** Between elements: nothing, or a line end and an indentation. */
  private static Expression space() {
    return Terminal.raw(joined(Language.of("\n"), Language.of(" ").repeat(0, 16)).optional());
  }

  private static Expression optional(Expression expression) {
    return Choice.of(expression, Expression.EMPTY);
  }

  private static Language joined(Language... parts) {
    return Language.concat(parts);
  }

  private static Language colour() {
    Language byteValue = Language.ofAll(Stream.iterate(0, i -> i + 1).limit(256).map(String::valueOf).toList());
    Language comma = Language.ofAll(List.of(",", ", "));
    return Language.union(
        Language.ofAll(SvgColours.NAMES),
        joined(Language.of("#"), Language.union(HEX.repeat(3, 3), HEX.repeat(6, 6))),
        joined(Language.of("rgb("), byteValue, comma, byteValue, comma, byteValue, Language.of(")")));
  }
}
