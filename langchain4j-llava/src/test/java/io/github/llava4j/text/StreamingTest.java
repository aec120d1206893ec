package io.github.llava4j.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.github.llava4j.PromptException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Text that comes in pieces is the text that comes at once, and no piece shows half of anything. */
class StreamingTest {

  private static final Vocabulary VOCABULARY = TextGoldens.vocabulary("llava15", true);

  /** SentencePiece's rule: Metaspace of tokenizer.json drops a space that opens the prompt, so there is no way back. */
  private static final Tokenizer TOKENIZER = new Tokenizer(TextGoldens.vocabulary("llava15", false));

  @RepeatedTest(20)
  void textSurvivesTheRoundTrip(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 100; i++) {
      String text = RandomText.of(random, random.nextInt(40));
      assertThat(TextGoldens.decode(VOCABULARY, TOKENIZER.encode(text))).isEqualTo(text);
    }
  }

  @RepeatedTest(20)
  void anyTokensStreamToTheirText(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 100; i++) {
      // Mostly byte tokens (3 to 258), so that broken and whole characters come about.
      int[] ids = random.ints(30, 0, random.nextBoolean() ? 259 : VOCABULARY.size() + 5).toArray();
      Detokenizer detokenizer = new Detokenizer(VOCABULARY);
      StringBuilder text = new StringBuilder();
      for (int id : ids) {
        String piece = detokenizer.append(id);
        assertThat(new String(piece.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(piece);
        text.append(piece);
      }
      assertThat(text + detokenizer.finish()).isEqualTo(reference(ids));
    }
  }

  /** SentencePiece's decoding, all at once: the bytes between pieces, then one U+FFFD for each byte that is none. */
  private static String reference(int[] ids) {
    StringBuilder text = new StringBuilder();
    List<Byte> bytes = new ArrayList<>();
    boolean first = true;
    for (int id : ids) {
      if (id <= 2 || id >= 800) {
        continue;
      }
      if (id < 259) {
        bytes.add((byte) (id - 3));
      } else {
        flush(bytes, text);
        String piece = VOCABULARY.pieces().get(id).replace('\u2581', ' ');
        text.append(first && piece.startsWith(" ") ? piece.substring(1) : piece);
      }
      first = false;
    }
    flush(bytes, text);
    return text.toString();
  }

  private static void flush(List<Byte> bytes, StringBuilder text) {
    for (int at = 0; at < bytes.size(); ) {
      String character = "\uFFFD";
      int length = 1;
      for (int n = 1; n <= Math.min(4, bytes.size() - at); n++) {
        byte[] candidate = new byte[n];
        for (int i = 0; i < n; i++) {
          candidate[i] = bytes.get(at + i);
        }
        String decoded = new String(candidate, StandardCharsets.UTF_8);
        if (decoded.codePointCount(0, decoded.length()) == 1
            && Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), candidate)) {
          character = decoded;
          length = n;
          break;
        }
      }
      text.append(character);
      at += length;
    }
    bytes.clear();
  }

  @Test
  void charactersComeWhole() {
    Detokenizer detokenizer = new Detokenizer(VOCABULARY);
    byte[] emoji = "😀".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertThat(detokenizer.append(3 + (emoji[i] & 0xFF))).isEmpty();
    }
    assertThat(detokenizer.append(3 + (emoji[3] & 0xFF))).isEqualTo("😀");
    assertThat(detokenizer.append(3 + 0xE2)).isEmpty();
    assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
  }

  @Test
  void oneLeadingSpaceAlone() {
    int space = VOCABULARY.pieces().indexOf("\u2581");
    int a = VOCABULARY.pieces().indexOf("\u2581a");
    assertThat(TextGoldens.decode(VOCABULARY, a, a)).isEqualTo("a a");
    assertThat(TextGoldens.decode(VOCABULARY, space, a)).isEqualTo(" a");
    assertThat(TextGoldens.decode(VOCABULARY, 1, a, 2)).isEqualTo("a");
    assertThat(TextGoldens.decode(VOCABULARY, 13, a)).isEqualTo("\n a");
  }

  @Test
  void stopStringsNeverLeak() {
    assertThat(stream(List.of("</s>", "USER:"), "a <", "/", "s", "> b")).containsExactly("a ", "", "", "", "");
    assertThat(stream(List.of("</s>"), "a </", "div>")).containsExactly("a ", "</div>", "");
    assertThat(stream(List.of("</s>"), "a </")).containsExactly("a ", "</");
    assertThat(stream(List.of(), "a </")).containsExactly("a </", "");
    // What looks like a start may hold a later start.
    assertThat(stream(List.of("aab"), "aaab")).containsExactly("a", "");
    // The one that is complete first wins; of those that end together the longest.
    assertThat(stream(List.of("abcd", "bc"), "xabcd")).containsExactly("xa", "");
    assertThat(stream(List.of("bc", "abc"), "xabc")).containsExactly("x", "");
    assertThat(stream(List.of("a", "ab"), "xab")).containsExactly("x", "");
  }

  @Test
  void filterTellsWhatStopped() {
    StopFilter filter = new StopFilter(List.of("USER:", "</s>"));
    assertThat(filter.append("Hi US")).isEqualTo("Hi ");
    assertThat(filter.found()).isEmpty();
    assertThat(filter.append("ER: more")).isEmpty();
    assertThat(filter.found()).contains("USER:");
    assertThat(filter.append("more")).isEmpty();
    assertThat(filter.finish()).isEmpty();
    assertThatThrownBy(() -> new StopFilter(List.of(""))).isInstanceOf(PromptException.class);
  }

  @RepeatedTest(20)
  void chunksMakeNoDifferenceToStops(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 200; i++) {
      List<String> stops = List.of(letters(random, 1 + random.nextInt(4)), letters(random, 2 + random.nextInt(4)));
      String text = letters(random, 30);
      StopFilter filter = new StopFilter(stops);
      StringBuilder out = new StringBuilder();
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(6));
        out.append(filter.append(text.substring(at, next)));
        for (String stop : stops) {
          assertThat(out.indexOf(stop)).isNegative();
        }
        at = next;
      }
      out.append(filter.finish());
      assertThat(out.toString()).isEqualTo(upToStop(text, stops));
    }
  }

  private static String upToStop(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String seen = text.substring(0, end);
      int longest = stops.stream().filter(seen::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return seen.substring(0, end - longest);
      }
    }
    return text;
  }

  private static List<String> stream(List<String> stops, String... chunks) {
    StopFilter filter = new StopFilter(stops);
    List<String> out = new ArrayList<>();
    for (String chunk : chunks) {
      out.add(filter.append(chunk));
    }
    out.add(filter.finish());
    return out;
  }

  private static String letters(Random random, int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, 0, 3).forEach(i -> text.append("abc".charAt(i)));
    return text.toString();
  }
}
