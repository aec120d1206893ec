package io.github.llava4j.text;

import java.util.Random;

/** Text for property tests: words, spaces, markup and any Unicode, but not SentencePiece's own mark for a space. */
final class RandomText {

  private static final String[] SNIPPETS = {
    " ", "  ", "\n", "\t", "the ", "image", "</s>", "<image>", "<0x41>", "ß", "日本", "😀", "e\u0301", "\u200D", "12"
  };

  private RandomText() {}

  static String of(Random random, int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      if (random.nextBoolean()) {
        text.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
      } else {
        int codePoint = random.nextInt(random.nextBoolean() ? 0x250 : Character.MAX_CODE_POINT + 1);
        boolean usable = codePoint != '\u2581' && Character.getType(codePoint) != Character.SURROGATE;
        text.appendCodePoint(usable ? codePoint : 'x');
      }
    }
    return text.toString();
  }
}
