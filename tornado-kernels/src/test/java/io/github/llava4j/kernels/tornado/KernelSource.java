package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds Java that TornadoVM compiles silently wrong, or not at all, in the text of a kernel class. Each rule stands for
 * a wrong result that somebody has seen; docs/gpu.md explains them.
 */
final class KernelSource {

  /** TornadoVM's limit is 15 with the KernelContext, in the versions that all share. */
  private static final int MAX_PARAMETERS = 15;

  private record Forbidden(String why, Pattern pattern) {
    Forbidden(String why, String regex) {
      this(why, Pattern.compile(regex));
    }
  }

  private static final List<Forbidden> FORBIDDEN = List.of(
      new Forbidden("an unsigned shift is emitted as a signed one", ">>>"),
      new Forbidden("a masked value stays unsigned: subtract as float", "&\\s*\\w+\\)+\\s*-\\s*+(?!\\d+(\\.\\d+)?f)"),
      new Forbidden("a value changed before break or continue is overwritten after the loop", "\\b(break|continue)\\b"),
      new Forbidden("an early return, or one in a loop, gives a wrong value", "\\breturn\\s*;"),
      new Forbidden("java.lang.Math goes through double or does not compile: TornadoMath", "(?<!\\w)Math\\."),
      new Forbidden("bits cannot be reinterpreted, halves not converted", "\\bFloat\\.|HalfFloat"),
      new Forbidden("a boolean parameter or variable does not compile everywhere", "\\bboolean\\b"),
      new Forbidden("two loops over @Parallel become dimensions of one grid: use the KernelContext", "@Parallel"),
      new Forbidden("an array constant does not compile", "static\\s+final\\s+\\w+\\s*\\[\\]"),
      new Forbidden("only private arrays of constant size", "\\bnew\\b(?!\\s+float\\[[A-Z_0-9 */+-]+\\])"),
      new Forbidden("a local array needs a constant size", "LocalArray\\([^)]*context"),
      new Forbidden("this name is a word of OpenCL", "public static void (half|kernel|select|local|global|vec|dot)\\("),
      new Forbidden("infinities may be compiled away: use finite sentinels", "INFINITY|NaN"),
      new Forbidden("integer array element is not updated atomically", "\\batomic\\w+\\("));

  private static final Pattern METHOD =
      Pattern.compile("(public|private) static \\w+ (\\w+)\\(([^)]*)\\)\\s*\\{");
  private static final Pattern LOCAL_ARRAY = Pattern.compile("float\\[\\] (\\w+) = context\\.allocate");

  private KernelSource() {}

  /** What is wrong with {@code source}, with line numbers; empty if nothing is. */
  static List<String> violations(String source) {
    String code = withoutComments(source);
    List<String> found = new ArrayList<>();
    for (Forbidden forbidden : FORBIDDEN) {
      Matcher matcher = forbidden.pattern().matcher(code);
      while (matcher.find()) {
        found.add(line(code, matcher.start()) + ": " + forbidden.why());
      }
    }
    unmaskedShifts(code, found);
    Matcher method = METHOD.matcher(code);
    while (method.find()) {
      String body = body(code, method.end());
      if (method.group(3).split(",").length > MAX_PARAMETERS) {
        found.add(line(code, method.start()) + ": more than " + MAX_PARAMETERS + " parameters");
      }
      if (body.split("\\breturn\\b", -1).length > 2) {
        found.add(line(code, method.start()) + ": more than one return");
      }
      passedLocalArrays(body, line(code, method.start()), found);
    }
    return found;
  }

  /** PTX shifts logically where Java does not: the bits that come in must be masked off. */
  private static void unmaskedShifts(String code, List<String> found) {
    for (int at = code.indexOf(">>"); at >= 0; at = code.indexOf(">>", at + 2)) {
      int depth = 0;
      int i = at + 2;
      while (depth > 0 || code.charAt(i) != ')') {
        depth += code.charAt(i) == '(' ? 1 : code.charAt(i) == ')' ? -1 : 0;
        if (code.charAt(i) == ';') {
          break;
        }
        i++;
      }
      if (code.charAt(i) != ')' || !code.substring(i + 1).stripLeading().startsWith("&")) {
        found.add(line(code, at) + ": a shift whose result is not masked");
      }
    }
  }

  /** A local array that another method indexes is indexed by bytes. */
  private static void passedLocalArrays(String body, int line, List<String> found) {
    Matcher array = LOCAL_ARRAY.matcher(body);
    while (array.find()) {
      Matcher use = Pattern.compile("\\b" + array.group(1) + "\\b(?!\\[| = )").matcher(body);
      if (use.find()) {
        found.add(line + ": the local array " + array.group(1) + " is passed on");
      }
    }
  }

  private static String body(String code, int from) {
    int depth = 1;
    int i = from;
    while (depth > 0) {
      depth += code.charAt(i) == '{' ? 1 : code.charAt(i) == '}' ? -1 : 0;
      i++;
    }
    return code.substring(from, i);
  }

  /** Blanks comments, private constructors and exceptions of no kernel; lines stay where they are. */
  private static String withoutComments(String source) {
    Matcher comment = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL).matcher(source);
    return comment.replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
  }

  private static int line(String code, int at) {
    return (int) code.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
  }
}
