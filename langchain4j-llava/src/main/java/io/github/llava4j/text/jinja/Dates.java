package io.github.llava4j.text.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** C's strftime, as far as templates use it. */
final class Dates {

  private Dates() {}

  static String format(LocalDateTime time, String pattern) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        out.append(c);
        continue;
      }
      char code = pattern.charAt(++i);
      String form = switch (code) {
        case 'Y' -> "yyyy";
        case 'y' -> "yy";
        case 'm' -> "MM";
        case 'd' -> "dd";
        case 'B' -> "MMMM";
        case 'b' -> "MMM";
        case 'A' -> "EEEE";
        case 'a' -> "EEE";
        case 'H' -> "HH";
        case 'I' -> "hh";
        case 'M' -> "mm";
        case 'S' -> "ss";
        case 'p' -> "a";
        case 'j' -> "DDD";
        case '%' -> "'%'";
        default -> throw new JinjaException("strftime's %" + code + " is not supported");
      };
      out.append(DateTimeFormatter.ofPattern(form, Locale.ENGLISH).format(time));
    }
    return out.toString();
  }
}
