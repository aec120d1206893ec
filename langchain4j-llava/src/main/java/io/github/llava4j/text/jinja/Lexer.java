package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a template into data and the tokens of its tags, with white space around tags as transformers' setting has it. */
final class Lexer {

  enum Kind { DATA, TAG, TAG_END, PRINT, PRINT_END, NAME, TEXT, NUMBER, OPERATOR, END }

  /** @param text what it reads; of a TEXT with its escapes resolved */
  record Token(Kind kind, String text, int line) {

    boolean is(Kind other, String reads) {
      return kind == other && text.equals(reads);
    }

    @Override
    public String toString() {
      return kind == Kind.END ? "the end of the template" : '"' + text + '"';
    }
  }

  private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*([-+]?)%}");
  private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
  private static final Pattern TOKEN = Pattern.compile(
      "(?<name>[A-Za-z_][A-Za-z0-9_]*)"
          + "|(?<number>\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"
          + "|(?<text>'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")"
          + "|(?<operator>\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{}])",
      Pattern.DOTALL);

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  /** Whether the tag before swallows the white space that follows, or the first line break. */
  private boolean stripNext;
  private boolean trimNext;

  private Lexer(String source) {
    String unix = source.replace("\r\n", "\n").replace('\r', '\n');
    this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
  }

  static List<Token> tokens(String source) {
    return new Lexer(source).run();
  }

  private List<Token> run() {
    while (at < source.length()) {
      int open = nextTag();
      if (open < 0) {
        data(at, source.length(), false, false);
        break;
      }
      char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
      boolean print = source.charAt(open + 1) == '{';
      data(at, open, sign == '-', !print && sign != '+');
      at = open + 2 + (sign == '-' || sign == '+' ? 1 : 0);
      switch (source.charAt(open + 1)) {
        case '#' -> comment();
        case '%' -> {
          Matcher raw = RAW.matcher(source).region(open, source.length());
          if (raw.lookingAt()) {
            raw(raw);
          } else {
            tag(Kind.TAG, Kind.TAG_END, "%}");
          }
        }
        default -> tag(Kind.PRINT, Kind.PRINT_END, "}}");
      }
    }
    tokens.add(new Token(Kind.END, "", line(source.length())));
    return tokens;
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
      if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void data(int from, int to, boolean strip, boolean stripLine) {
    int begin = from;
    int end = to;
    if (stripNext) {
      while (begin < end && Marked.isSpace(source.charAt(begin))) {
        begin++;
      }
    } else if (trimNext && begin < end && source.charAt(begin) == '\n') {
      begin++;
    }
    if (strip) {
      while (end > begin && Marked.isSpace(source.charAt(end - 1))) {
        end--;
      }
    } else if (stripLine) {
      int start = end;
      while (start > begin && (source.charAt(start - 1) == ' ' || source.charAt(start - 1) == '\t')) {
        start--;
      }
      // Only what fills its line up to the tag; a tag before on the same line counts as content.
      if (start == 0 || source.charAt(start - 1) == '\n') {
        end = start;
      }
    }
    if (end > begin) {
      tokens.add(new Token(Kind.DATA, source.substring(begin, end), line(begin)));
    }
    stripNext = false;
    trimNext = false;
  }

  private void comment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw new JinjaException(line(at), "a comment without its end");
    }
    closed(end);
  }

  /** Ends a block tag or comment whose two closing characters are at {@code end}. */
  private void closed(int end) {
    char sign = source.charAt(end - 1);
    stripNext = sign == '-';
    trimNext = sign != '+';
    at = end + 2;
  }

  private void raw(Matcher open) {
    Matcher end = END_RAW.matcher(source);
    if (!end.find(open.end())) {
      throw new JinjaException(line(open.start()), "raw without endraw");
    }
    stripNext = open.group(2).equals("-");
    trimNext = !open.group(2).equals("+");
    data(open.end(), end.start(), end.group(1).equals("-"), !end.group(1).equals("+"));
    stripNext = end.group(2).equals("-");
    trimNext = !end.group(2).equals("+");
    at = end.end();
  }

  private void tag(Kind open, Kind close, String end) {
    int start = at;
    tokens.add(new Token(open, "", line(at)));
    int depth = 0;
    Matcher matcher = TOKEN.matcher(source);
    while (true) {
      while (at < source.length() && Marked.isSpace(source.charAt(at))) {
        at++;
      }
      if (at >= source.length()) {
        throw new JinjaException(line(start), "a tag without its end");
      }
      boolean signed = source.startsWith(end, at + 1) && "-+".indexOf(source.charAt(at)) >= 0;
      if (depth == 0 && (source.startsWith(end, at) || signed)) {
        int closing = signed ? at + 1 : at;
        tokens.add(new Token(close, end, line(at)));
        stripNext = signed && source.charAt(at) == '-';
        trimNext = close == Kind.TAG_END && !(signed && source.charAt(at) == '+');
        at = closing + 2;
        return;
      }
      if (!matcher.region(at, source.length()).lookingAt()) {
        throw new JinjaException(line(at), "unexpected character \"" + source.charAt(at) + '"');
      }
      String text = matcher.group();
      Kind kind = matcher.group("name") != null ? Kind.NAME
          : matcher.group("number") != null ? Kind.NUMBER
          : matcher.group("text") != null ? Kind.TEXT : Kind.OPERATOR;
      if (kind == Kind.OPERATOR) {
        depth += "([{".contains(text) ? 1 : ")]}".contains(text) ? -1 : 0;
      }
      tokens.add(new Token(kind, kind == Kind.TEXT ? unescaped(text) : text, line(at)));
      at = matcher.end();
    }
  }

  /** Python's escapes; an unknown one stays as it is. */
  private static String unescaped(String quoted) {
    StringBuilder out = new StringBuilder();
    int end = quoted.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = quoted.charAt(++i);
      int digits = escape == 'x' ? 2 : escape == 'u' ? 4 : escape == 'U' ? 8 : 0;
      if (digits > 0 && i + digits < end && quoted.substring(i + 1, i + 1 + digits).matches("[0-9a-fA-F]+")) {
        out.appendCodePoint(Integer.parseUnsignedInt(quoted.substring(i + 1, i + 1 + digits), 16));
        i += digits;
        continue;
      }
      switch (escape) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case '\\', '\'', '"' -> out.append(escape);
        case '\n' -> { }
        default -> out.append('\\').append(escape);
      }
    }
    return out.toString();
  }

  private int line(int position) {
    return 1 + (int) source.chars().limit(position).filter(c -> c == '\n').count();
  }
}
