package io.github.llava4j.constraint.regular;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * The characters of {@code \p{...}}: general categories and scripts by their names in the Unicode standard, and some yes-or-no
 * properties; as the running JDK knows them.
 */
final class UnicodeProperties {

  /** Short name, long names. */
  private static final String[] CATEGORIES = {"Lu Uppercase_Letter", "Ll Lowercase_Letter", "Lt Titlecase_Letter",
      "Lm Modifier_Letter", "Lo Other_Letter", "Mn Nonspacing_Mark", "Mc Spacing_Mark", "Me Enclosing_Mark",
      "Nd Decimal_Number digit", "Nl Letter_Number", "No Other_Number", "Pc Connector_Punctuation", "Pd Dash_Punctuation",
      "Ps Open_Punctuation", "Pe Close_Punctuation", "Pi Initial_Punctuation", "Pf Final_Punctuation",
      "Po Other_Punctuation", "Sm Math_Symbol", "Sc Currency_Symbol", "Sk Modifier_Symbol", "So Other_Symbol",
      "Zs Space_Separator", "Zl Line_Separator", "Zp Paragraph_Separator", "Cc Control cntrl", "Cf Format",
      "Co Private_Use", "Cs Surrogate", "Cn Unassigned"};

  private static final String[] GROUPS = {"L Letter", "M Mark Combining_Mark", "N Number", "P Punctuation punct", "S Symbol",
      "Z Separator", "C Other"};

  private static final byte[] TYPES = {Character.UPPERCASE_LETTER, Character.LOWERCASE_LETTER, Character.TITLECASE_LETTER,
      Character.MODIFIER_LETTER, Character.OTHER_LETTER, Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK,
      Character.ENCLOSING_MARK, Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER,
      Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION, Character.END_PUNCTUATION,
      Character.INITIAL_QUOTE_PUNCTUATION, Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION,
      Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL,
      Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.CONTROL,
      Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE, Character.UNASSIGNED};

  private static final Map<String, IntPredicate> YES_OR_NO = Map.ofEntries(
      Map.entry("Any", c -> true),
      Map.entry("ASCII", c -> c < 128),
      Map.entry("Assigned", Character::isDefined),
      Map.entry("Alphabetic", Character::isAlphabetic),
      Map.entry("Alpha", Character::isAlphabetic),
      Map.entry("Uppercase", Character::isUpperCase),
      Map.entry("Upper", Character::isUpperCase),
      Map.entry("Lowercase", Character::isLowerCase),
      Map.entry("Lower", Character::isLowerCase),
      Map.entry("Ideographic", Character::isIdeographic),
      Map.entry("Ideo", Character::isIdeographic),
      Map.entry("ASCII_Hex_Digit", c -> c < 128 && Character.digit(c, 16) >= 0),
      Map.entry("AHex", c -> c < 128 && Character.digit(c, 16) >= 0),
      Map.entry("Emoji", Character::isEmoji),
      Map.entry("Emoji_Presentation", Character::isEmojiPresentation),
      Map.entry("EPres", Character::isEmojiPresentation),
      Map.entry("Emoji_Modifier", Character::isEmojiModifier),
      Map.entry("EMod", Character::isEmojiModifier),
      Map.entry("Emoji_Modifier_Base", Character::isEmojiModifierBase),
      Map.entry("EBase", Character::isEmojiModifierBase),
      Map.entry("Emoji_Component", Character::isEmojiComponent),
      Map.entry("EComp", Character::isEmojiComponent),
      Map.entry("Extended_Pictographic", Character::isExtendedPictographic),
      Map.entry("ExtPict", Character::isExtendedPictographic));

  /** By canonical name, so that it never grows beyond the names that there are. */
  private static final Map<String, CharacterSet> KNOWN = new ConcurrentHashMap<>();

  private UnicodeProperties() {}

  /**
   * The characters of a property.
   *
   * @param text what stands between the braces
   */
  static Optional<CharacterSet> of(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      IntPredicate test = YES_OR_NO.get(text);
      return test != null ? Optional.of(known(text, test)) : category(text);
    }
    String value = text.substring(equals + 1);
    return switch (text.substring(0, equals)) {
      case "General_Category", "gc" -> category(value);
      case "Script", "sc" -> script(value);
      default -> Optional.empty();
    };
  }

  private static Optional<CharacterSet> category(String name) {
    int types = 0;
    for (int i = 0; i < CATEGORIES.length; i++) {
      if (isNamed(CATEGORIES[i], name) || isOfGroup(CATEGORIES[i], name)) {
        types |= 1 << TYPES[i];
      }
    }
    if (types == 0) {
      return Optional.empty();
    }
    int wanted = types;
    return Optional.of(known("gc=" + types, c -> (wanted >> Character.getType(c) & 1) != 0));
  }

  private static boolean isOfGroup(String category, String name) {
    if (name.equals("LC") || name.equals("Cased_Letter")) {
      return category.startsWith("Lu") || category.startsWith("Ll") || category.startsWith("Lt");
    }
    for (String group : GROUPS) {
      if (group.charAt(0) == category.charAt(0)) {
        return isNamed(group, name);
      }
    }
    return false;
  }

  private static boolean isNamed(String names, String name) {
    for (String one : names.split(" ", -1)) {
      if (one.equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<CharacterSet> script(String name) {
    try {
      Character.UnicodeScript script = Character.UnicodeScript.forName(name);
      return Optional.of(known("sc=" + script, c -> Character.UnicodeScript.of(c) == script));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CharacterSet known(String name, IntPredicate test) {
    return KNOWN.computeIfAbsent(name, key -> CharacterSet.where(test));
  }
}
