package io.github.llava4j.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Values as Python's json.dumps writes them with {@code ensure_ascii=False}, which is transformers' filter tojson. */
final class JsonText {

  private JsonText() {}

  /** @param indent spaces for each level, or 0 for everything on one line */
  static Marked of(@Nullable Object value, int indent) {
    List<Marked> out = new ArrayList<>();
    write(value, indent, 0, out);
    return Marked.join(out, Marked.EMPTY);
  }

  private static void write(@Nullable Object value, int indent, int level, List<Marked> out) {
    switch (value) {
      case null -> out.add(Marked.of("null"));
      case Boolean flag -> out.add(Marked.of(flag.toString()));
      case Marked text -> quoted(text, out);
      case List<?> list -> {
        List<Runnable> items = new ArrayList<>();
        list.forEach(item -> items.add(() -> write(item, indent, level + 1, out)));
        group("[", items, "]", indent, level, out);
      }
      case Map<?, ?> map -> {
        List<Runnable> items = new ArrayList<>();
        map.forEach((key, item) -> items.add(() -> {
          quoted(Values.text(key), out);
          out.add(Marked.of(": "));
          write(item, indent, level + 1, out);
        }));
        group("{", items, "}", indent, level, out);
      }
      default -> out.add(Values.text(value));
    }
  }

  private static void group(String open, List<Runnable> items, String close, int indent, int level, List<Marked> out) {
    out.add(Marked.of(open));
    for (int i = 0; i < items.size(); i++) {
      out.add(Marked.of(i == 0 ? "" : indent > 0 ? "," : ", "));
      newLine(indent, level + 1, out);
      items.get(i).run();
    }
    if (!items.isEmpty()) {
      newLine(indent, level, out);
    }
    out.add(Marked.of(close));
  }

  private static void newLine(int indent, int level, List<Marked> out) {
    if (indent > 0) {
      out.add(Marked.of("\n" + " ".repeat(indent * level)));
    }
  }

  private static void quoted(Marked text, List<Marked> out) {
    out.add(Marked.of("\""));
    for (int i = 0; i < text.length(); i++) {
      char c = text.text().charAt(i);
      String escape = switch (c) {
        case '"' -> "\\\"";
        case '\\' -> "\\\\";
        case '\n' -> "\\n";
        case '\r' -> "\\r";
        case '\t' -> "\\t";
        case '\b' -> "\\b";
        case '\f' -> "\\f";
        default -> c < ' ' ? "\\u%04x".formatted((int) c) : null;
      };
      out.add(escape == null ? text.slice(i, i + 1) : Marked.of(escape, text.origin(i)));
    }
    out.add(Marked.of("\""));
  }
}
