package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.text.jinja.Expression.Arguments;
import io.github.llava4j.text.jinja.Lexer.Kind;
import io.github.llava4j.text.jinja.Lexer.Token;
import org.jspecify.annotations.Nullable;

/** Builds the tree of a template, operators binding as in Jinja's own parser. */
final class Parser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
  private static final Map<String, Object> CONSTANTS = Map.of("true", true, "True", true, "false", false, "False", false);
  private static final int DEEPEST = 200;

  private final List<Token> tokens;
  private int at;
  private int depth;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static List<Node> parse(String source) {
    Parser parser = new Parser(Lexer.tokens(source));
    List<Node> nodes = parser.body();
    if (parser.peek().kind() != Kind.END) {
      throw parser.unexpected("a tag that is open");
    }
    return nodes;
  }

  /** Up to a tag that is not the start of a statement here, whose name is the next token. */
  private List<Node> body(String... ends) {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      Token token = peek();
      switch (token.kind()) {
        case DATA -> nodes.add(new Node.Data(Marked.of(next().text())));
        case PRINT -> {
          next();
          nodes.add(new Node.Print(token.line(), list()));
          expect(Kind.PRINT_END, "}}");
        }
        case TAG -> {
          String name = tokens.get(at + 1).text();
          if (List.of(ends).contains(name)) {
            next();
            return nodes;
          }
          next();
          nodes.add(statement());
        }
        default -> {
          if (ends.length > 0) {
            throw unexpected(ends[ends.length - 1]);
          }
          return nodes;
        }
      }
    }
  }

  private Node statement() {
    if (++depth > DEEPEST) {
      throw new JinjaException(peek().line(), "nested too deeply");
    }
    Token name = next();
    Node node = switch (name.text()) {
      case "for" -> loop(name.line());
      case "if" -> condition();
      case "set" -> set(name.line());
      case "macro" -> macro();
      case "generation" -> {
        endTag();
        yield new Node.Group(closed("endgeneration"));
      }
      case "break" -> {
        endTag();
        yield new Node.Break();
      }
      case "continue" -> {
        endTag();
        yield new Node.Continue();
      }
      default -> throw new JinjaException(name.line(), "the tag \"" + name.text() + "\" is not supported");
    };
    depth--;
    return node;
  }

  private List<Node> closed(String end) {
    List<Node> nodes = body(end);
    next();
    endTag();
    return nodes;
  }

  private Node loop(int line) {
    List<String> targets = targets();
    expect(Kind.NAME, "in");
    Expression items = list(false);
    Expression condition = accept(Kind.NAME, "if") ? expression() : null;
    if (accept(Kind.NAME, "recursive")) {
      throw new JinjaException(line, "recursive loops are not supported");
    }
    endTag();
    List<Node> body = body("else", "endfor");
    List<Node> otherwise = List.of();
    if (next().text().equals("else")) {
      endTag();
      otherwise = body("endfor");
      next();
    }
    endTag();
    return new Node.For(line, targets, items, condition, body, otherwise);
  }

  private List<String> targets() {
    boolean bracketed = accept(Kind.OPERATOR, "(");
    List<String> names = new ArrayList<>();
    do {
      names.add(name());
    } while (accept(Kind.OPERATOR, ","));
    if (bracketed) {
      expect(Kind.OPERATOR, ")");
    }
    return names;
  }

  private Node condition() {
    List<Node.Branch> branches = new ArrayList<>();
    Expression condition = list();
    endTag();
    while (true) {
      List<Node> body = body("elif", "else", "endif");
      branches.add(new Node.Branch(condition, body));
      String tag = next().text();
      if (tag.equals("endif")) {
        endTag();
        return new Node.If(branches);
      }
      if (tag.equals("else")) {
        endTag();
        branches.add(new Node.Branch(null, closed("endif")));
        return new Node.If(branches);
      }
      condition = list();
      endTag();
    }
  }

  private Node set(int line) {
    List<String> targets = targets();
    String attribute = null;
    if (targets.size() == 1 && accept(Kind.OPERATOR, ".")) {
      attribute = name();
    }
    if (accept(Kind.OPERATOR, "=")) {
      Expression value = list();
      endTag();
      return new Node.Set(line, targets, attribute, value);
    }
    if (targets.size() > 1 || attribute != null) {
      throw unexpected("=");
    }
    endTag();
    return new Node.SetBlock(targets.getFirst(), closed("endset"));
  }

  private Node macro() {
    String name = name();
    expect(Kind.OPERATOR, "(");
    List<String> parameters = new ArrayList<>();
    List<@Nullable Expression> defaults = new ArrayList<>();
    while (!accept(Kind.OPERATOR, ")")) {
      parameters.add(name());
      defaults.add(accept(Kind.OPERATOR, "=") ? expression() : null);
      if (!peek().is(Kind.OPERATOR, ")")) {
        expect(Kind.OPERATOR, ",");
      }
    }
    endTag();
    return new Node.Macro(name, parameters, defaults, closed("endmacro"));
  }

  private Expression list() {
    return list(true);
  }

  /** One expression, or several with commas between: a tuple. */
  private Expression list(boolean choices) {
    Expression first = choices ? expression() : or();
    if (!peek().is(Kind.OPERATOR, ",")) {
      return first;
    }
    List<Expression> items = new ArrayList<>(List.of(first));
    while (accept(Kind.OPERATOR, ",") && peek().kind() != Kind.TAG_END && peek().kind() != Kind.PRINT_END) {
      items.add(choices ? expression() : or());
    }
    return new Expression.ListOf(items);
  }

  private Expression expression() {
    if (++depth > DEEPEST) {
      throw new JinjaException(peek().line(), "nested too deeply");
    }
    Expression value = or();
    while (accept(Kind.NAME, "if")) {
      Expression condition = or();
      Expression otherwise = accept(Kind.NAME, "else") ? expression() : null;
      value = new Expression.Choice(condition, value, otherwise);
    }
    depth--;
    return value;
  }

  private Expression or() {
    Expression left = and();
    while (peek().is(Kind.NAME, "or")) {
      int line = next().line();
      left = new Expression.Binary(line, "or", left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (peek().is(Kind.NAME, "and")) {
      int line = next().line();
      left = new Expression.Binary(line, "and", left, not());
    }
    return left;
  }

  private Expression not() {
    if (++depth > DEEPEST) {
      throw new JinjaException(peek().line(), "nested too deeply");
    }
    Expression value =
        accept(Kind.NAME, "not") ? new Expression.Unary("not", not()) : comparison();
    depth--;
    return value;
  }

  private Expression comparison() {
    int line = peek().line();
    List<String> operators = new ArrayList<>();
    List<Expression> operands = new ArrayList<>(List.of(sum()));
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        operators.add(next().text());
      } else if (accept(Kind.NAME, "in")) {
        operators.add("in");
      } else if (token.is(Kind.NAME, "not") && tokens.get(at + 1).is(Kind.NAME, "in")) {
        at += 2;
        operators.add("not in");
      } else {
        return operators.isEmpty() ? operands.getFirst() : new Expression.Comparison(line, operators, operands);
      }
      operands.add(sum());
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (peek().is(Kind.OPERATOR, "+") || peek().is(Kind.OPERATOR, "-")) {
      Token operator = next();
      left = new Expression.Binary(operator.line(), operator.text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (peek().is(Kind.OPERATOR, "~")) {
      int line = next().line();
      left = new Expression.Binary(line, "~", left, product());
    }
    return left;
  }

  private Expression product() {
    Expression left = unary(true);
    while (peek().kind() == Kind.OPERATOR && List.of("*", "/", "//", "%", "**").contains(peek().text())) {
      Token operator = next();
      left = new Expression.Binary(operator.line(), operator.text(), left, unary(true));
    }
    return left;
  }

  private Expression unary(boolean filters) {
    if (++depth > DEEPEST) {
      throw new JinjaException(peek().line(), "nested too deeply");
    }
    Expression value;
    if (accept(Kind.OPERATOR, "-")) {
      value = new Expression.Unary("-", unary(false));
    } else if (accept(Kind.OPERATOR, "+")) {
      value = unary(false);
    } else {
      value = postfix(primary());
    }
    depth--;
    return filters ? filtered(value) : value;
  }

  private Expression filtered(Expression value) {
    Expression of = value;
    while (true) {
      if (accept(Kind.OPERATOR, "|")) {
        Token name = next();
        of = new Expression.Filter(name.line(), of, name.text(), argumentsIfAny());
      } else if (peek().is(Kind.NAME, "is")) {
        of = test(of);
      } else if (peek().is(Kind.OPERATOR, "(")) {
        of = new Expression.Call(peek().line(), of, argumentsIfAny());
      } else {
        return of;
      }
    }
  }

  private Expression test(Expression of) {
    int line = next().line();
    boolean negated = accept(Kind.NAME, "not");
    String name = peek().kind() == Kind.OPERATOR ? next().text() : name();
    Arguments arguments = Arguments.NONE;
    Token token = peek();
    if (token.is(Kind.OPERATOR, "(")) {
      arguments = argumentsIfAny();
    } else if (token.kind() == Kind.TEXT || token.kind() == Kind.NUMBER || token.is(Kind.OPERATOR, "[")
        || token.is(Kind.OPERATOR, "{")
        || token.kind() == Kind.NAME && !List.of("else", "or", "and", "is", "if", "not", "in").contains(token.text())) {
      arguments = new Arguments(List.of(postfix(primary())), List.of(), List.of());
    }
    return new Expression.Test(line, of, name, arguments, negated);
  }

  private Expression postfix(Expression value) {
    Expression of = value;
    while (true) {
      if (accept(Kind.OPERATOR, ".")) {
        of = new Expression.Attribute(of, next().text());
      } else if (accept(Kind.OPERATOR, "[")) {
        of = item(of);
      } else if (peek().is(Kind.OPERATOR, "(")) {
        of = new Expression.Call(peek().line(), of, argumentsIfAny());
      } else {
        return of;
      }
    }
  }

  private Expression item(Expression of) {
    Expression[] bounds = new Expression[3];
    int colons = 0;
    while (!accept(Kind.OPERATOR, "]")) {
      if (accept(Kind.OPERATOR, ":")) {
        if (++colons > 2) {
          throw unexpected("]");
        }
      } else {
        bounds[colons] = expression();
      }
    }
    if (colons == 0 && bounds[0] == null) {
      throw unexpected("a key");
    }
    return colons == 0
        ? new Expression.Item(of, bounds[0])
        : new Expression.Slice(of, bounds[0], bounds[1], bounds[2]);
  }

  private Arguments argumentsIfAny() {
    if (!accept(Kind.OPERATOR, "(")) {
      return Arguments.NONE;
    }
    List<Expression> places = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expression> named = new ArrayList<>();
    while (!accept(Kind.OPERATOR, ")")) {
      if (peek().kind() == Kind.NAME && tokens.get(at + 1).is(Kind.OPERATOR, "=")) {
        names.add(name());
        next();
        named.add(expression());
      } else {
        places.add(expression());
      }
      if (!peek().is(Kind.OPERATOR, ")")) {
        expect(Kind.OPERATOR, ",");
      }
    }
    return new Arguments(places, names, named);
  }

  private Expression primary() {
    Token token = next();
    switch (token.kind()) {
      case NAME -> {
        if (CONSTANTS.containsKey(token.text())) {
          return new Expression.Literal(CONSTANTS.get(token.text()));
        }
        return token.text().equalsIgnoreCase("none") ? new Expression.Literal(null) : new Expression.Name(token.text());
      }
      case TEXT -> {
        StringBuilder text = new StringBuilder(token.text());
        while (peek().kind() == Kind.TEXT) {
          text.append(next().text());
        }
        return new Expression.Literal(Marked.of(text.toString()));
      }
      case NUMBER -> {
        return new Expression.Literal(number(token));
      }
      default -> {
        return bracketed(token);
      }
    }
  }

  private static Object number(Token token) {
    String digits = token.text().replace("_", "");
    try {
      if (digits.matches("\\d+")) {
        return Long.valueOf(digits);
      }
      return Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw new JinjaException(token.line(), "the number " + digits + " is too large");
    }
  }

  private Expression bracketed(Token token) {
    if (token.is(Kind.OPERATOR, "(")) {
      List<Expression> items = new ArrayList<>();
      boolean tuple = false;
      while (!accept(Kind.OPERATOR, ")")) {
        items.add(expression());
        if (!peek().is(Kind.OPERATOR, ")")) {
          expect(Kind.OPERATOR, ",");
          tuple = true;
        }
      }
      return items.size() == 1 && !tuple ? items.getFirst() : new Expression.ListOf(items);
    }
    if (token.is(Kind.OPERATOR, "[")) {
      List<Expression> items = new ArrayList<>();
      while (!accept(Kind.OPERATOR, "]")) {
        items.add(expression());
        if (!peek().is(Kind.OPERATOR, "]")) {
          expect(Kind.OPERATOR, ",");
        }
      }
      return new Expression.ListOf(items);
    }
    if (token.is(Kind.OPERATOR, "{")) {
      List<Expression> keys = new ArrayList<>();
      List<Expression> values = new ArrayList<>();
      while (!accept(Kind.OPERATOR, "}")) {
        keys.add(expression());
        expect(Kind.OPERATOR, ":");
        values.add(expression());
        if (!peek().is(Kind.OPERATOR, "}")) {
          expect(Kind.OPERATOR, ",");
        }
      }
      return new Expression.DictOf(keys, values);
    }
    at--;
    throw unexpected("a value");
  }

  private String name() {
    Token token = next();
    if (token.kind() != Kind.NAME) {
      at--;
      throw unexpected("a name");
    }
    return token.text();
  }

  private void endTag() {
    expect(Kind.TAG_END, "%}");
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  private boolean accept(Kind kind, String text) {
    boolean fits = peek().is(kind, text);
    if (fits) {
      at++;
    }
    return fits;
  }

  private void expect(Kind kind, String text) {
    if (!accept(kind, text)) {
      throw unexpected('"' + text + '"');
    }
  }

  private JinjaException unexpected(String wanted) {
    return new JinjaException(peek().line(), "expected " + wanted + ", found " + peek());
  }
}
