package io.github.llava4j.constraint.regular;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * JSON Schema's formats as languages. Each holds only texts that the standards allow, and not the odd ones among them:
 *
 * <ul>
 *   <li>date, time, date-time (RFC 3339): the days that there are, years from 0001; capital {@code T} and {@code Z}; no leap
 *       seconds; at most 9 digits of a second;
 *   <li>duration (RFC 3339, appendix A): at most 9 digits in a row;
 *   <li>hostname (RFC 1123): letters, digits and hyphens; no {@code xn--}; labels of at most 63 characters, all of them at
 *       most 239, each counted up to a multiple of 16;
 *   <li>email (RFC 5321): {@code dot-atom@hostname}, without quotes and addresses in brackets;
 *   <li>ipv4, ipv6 (RFC 3986's grammar; no zone), uuid;
 *   <li>uri (RFC 3986): with something behind the scheme; no IPvFuture.
 * </ul>
 */
public final class Formats {

  private static final String YEAR = "[0-9]{4}";
  private static final String LEAP_YEAR =
      "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
  private static final String DATE = "(?:" + YEAR + "-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
      + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|" + LEAP_YEAR + "-02-29)";
  private static final String YEAR_0 = "0000-.*";
  private static final String HOUR = "(?:[01][0-9]|2[0-3])";
  private static final String TIME =
      HOUR + ":[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-]" + HOUR + ":[0-5][0-9])";

  private static final String N = "[0-9]{1,9}";
  private static final String DURATION_TIME = "T(?:" + N + "H(?:" + N + "M(?:" + N + "S)?)?|" + N + "M(?:" + N + "S)?|" + N + "S)";
  private static final String DURATION = "P(?:(?:" + N + "D|" + N + "M(?:" + N + "D)?|" + N + "Y(?:" + N + "M(?:" + N + "D)?)?)"
      + "(?:" + DURATION_TIME + ")?|" + DURATION_TIME + "|" + N + "W)";

  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String IPV4 = "(?:" + BYTE + "\\.){3}" + BYTE;
  private static final String H16 = "[0-9A-Fa-f]{1,4}";
  private static final String LAST_32 = "(?:" + H16 + ":" + H16 + "|" + IPV4 + ")";
  private static final String IPV6 = "(?:(?:" + H16 + ":){6}" + LAST_32
      + "|::(?:" + H16 + ":){5}" + LAST_32
      + "|(?:" + H16 + ")?::(?:" + H16 + ":){4}" + LAST_32
      + "|" + upTo(1) + "::(?:" + H16 + ":){3}" + LAST_32
      + "|" + upTo(2) + "::(?:" + H16 + ":){2}" + LAST_32
      + "|" + upTo(3) + "::" + H16 + ":" + LAST_32
      + "|" + upTo(4) + "::" + LAST_32
      + "|" + upTo(5) + "::" + H16
      + "|" + upTo(6) + "::)";

  private static final String UUID = "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}";

  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final int LOCAL_PART = 64;
  /** With the local part and the at sign at most 254 characters. */
  private static final int MAIL_HOST = 11;
  private static final int HOST = 15;

  private static final String ENCODED = "%[0-9A-Fa-f]{2}";
  private static final String UNRESERVED = "A-Za-z0-9._~!$&'()*+,;=-";
  private static final String PCHAR = "(?:[:@" + UNRESERVED + "]|" + ENCODED + ")";
  private static final String AUTHORITY = "(?:(?:[:" + UNRESERVED + "]|" + ENCODED + ")*@)?"
      + "(?:\\[" + IPV6 + "\\]|(?:[" + UNRESERVED + "]|" + ENCODED + ")+)(?::[0-9]{1,5})?";
  private static final String URI = "[A-Za-z][A-Za-z0-9+.-]*:(?://(?:" + AUTHORITY + "(?:/" + PCHAR + "*)*|(?:/" + PCHAR + "*)+)"
      + "|/(?:" + PCHAR + "+(?:/" + PCHAR + "*)*)?|" + PCHAR + "+(?:/" + PCHAR + "*)*)"
      + "(?:\\?(?:" + PCHAR + "|[/?])*)?(?:#(?:" + PCHAR + "|[/?])*)?";

  private static final Map<String, Supplier<Language>> MAKERS = Map.of(
      "date", () -> pattern(DATE).minus(pattern(YEAR_0), Deadline.none()),
      "time", () -> pattern(TIME),
      "date-time", () -> pattern(DATE + "T" + TIME).minus(pattern(YEAR_0), Deadline.none()),
      "duration", () -> pattern(DURATION),
      "email", Formats::email,
      "hostname", () -> Hostname.language(HOST),
      "ipv4", () -> pattern(IPV4),
      "ipv6", () -> pattern(IPV6),
      "uuid", () -> pattern(UUID),
      "uri", () -> pattern(URI));

  private static final Map<String, Language> MADE = new ConcurrentHashMap<>();

  private Formats() {}

  /** The texts of a format; empty if it is none of those above. */
  public static Optional<Language> of(String format) {
    Supplier<Language> maker = MAKERS.get(format);
    return maker == null ? Optional.empty() : Optional.of(MADE.computeIfAbsent(format, name -> maker.get()));
  }

  private static String upTo(int groups) {
    return "(?:(?:" + H16 + ":){0," + groups + "}" + H16 + ")?";
  }

  private static Language email() {
    Deadline deadline = Deadline.none();
    Language local = pattern(ATOM + "(?:\\." + ATOM + ")*").and(pattern("[^]{1," + LOCAL_PART + "}"), deadline);
    return Glue.concat(List.of(local, pattern("@"), Hostname.language(MAIL_HOST)), deadline);
  }

  private static Language pattern(String pattern) {
    return new PatternParser(pattern, Deadline.none()).parse().language();
  }
}
