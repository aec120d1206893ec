package io.github.llava4j.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.testing.GoldenFiles;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The 32,000 tokens of Llama 2 and Vicuna. That vocabulary is under Meta's licence and so not part of the project: the
 * test reads it from the folder that the system property llava4j.shared names, by default ../../shared.
 */
class RealVocabularyTest {

  private static Path folder;
  private static Vocabulary vocabulary;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void read() throws IOException {
    folder = Path.of(System.getProperty("llava4j.shared", "../../shared"), "goldens/llama-spm");
    Path file = folder.resolve("ggml-vocab-llama-spm.gguf");
    String skipped = "Llama's vocabulary is not tested: there is no " + file.toAbsolutePath().normalize();
    if (!Files.exists(file)) {
      System.out.println(skipped);
    }
    assumeTrue(Files.exists(file), skipped);
    vocabulary = LlamaVocabulary.read(file);
    tokenizer = new Tokenizer(vocabulary);
  }

  @Test
  void equalsSentencePiece() {
    for (JsonNode golden : GoldenFiles.json(folder.resolve("cases.json"))) {
      String text = golden.path("text").asText();
      int[] ids = TextGoldens.ids(golden.path("ids"));
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(ids);
      assertThat(TextGoldens.decode(vocabulary, ids)).as(text).isEqualTo(golden.path("decoded").asText());
    }
  }

  @Test
  void equalsLlamaCpp() {
    Path file = folder.resolve("ggml-vocab-llama-spm.gguf.inp");
    String[] texts = utf8(file).split("\n__ggml_vocab_test__\n", -1);
    List<String> ids = utf8(folder.resolve("ggml-vocab-llama-spm.gguf.out")).lines().toList();
    assertThat(ids.size()).isPositive();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(tokenizer.encode(texts[i])).as(texts[i]).isEqualTo(ints(ids.get(i)));
    }
  }

  /** The vectors of llava-spec 5.6. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Hello this is a test|15043 445 338 263 1243",
        "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, "
            + "detailed, and polite answers to the human's questions. USER: |319 13563 1546 263 12758 5199 322 385 "
            + "23116 21082 20255 29889 450 20255 4076 8444 29892 13173 29892 322 1248 568 6089 304 278 5199 29915 "
            + "29879 5155 29889 3148 1001 29901 29871",
        "\\nWhat is shown in this image? ASSISTANT:|29871 13 5618 338 4318 297 445 1967 29973 319 1799 9047 13566 "
            + "29901",
        "\\n|29871 13",
        "\\s|259",
        "  two spaces|259 1023 8162",
        "    indented|268 1399 14927",
        "日本語|29871 30325 30346 30968",
        "😀|29871 243 162 155 131",
        "a\\tb|263 12 29890",
        "The image shows|450 1967 3697",
        "### Human: hi|835 12968 29901 7251",
        "café naïve|274 28059 1055 30085 345",
        "1234567890|29871 29896 29906 29941 29946 29945 29953 29955 29947 29929 29900",
        "</s>|1533 29879 29958",
        "<image>|529 3027 29958"
      })
  void vectorsOfTheSpecification(String text, String ids) {
    String unescaped = text.replace("\\n", "\n").replace("\\t", "\t").replace("\\s", " ");
    assertThat(tokenizer.encode(unescaped)).isEqualTo(ints(ids));
    assertThat(tokenizer.tokenize(List.of(new PromptPart.Text(unescaped))).ids(-200))
        .isEqualTo(ints("1 " + ids));
  }

  /** llava-spec 5.3 and 5.6: each piece between pictures is a text of its own in the original LLaVA. */
  @Test
  void dummySpaceByRule() {
    String twoTurns = "ok</s>USER: hi";
    assertThat(ids(PrefixSpace.EVERY_RUN, twoTurns)).isEqualTo(ints("1 3431 2 3148 1001 29901 7251"));
    assertThat(ids(PrefixSpace.FIRST_RUN, twoTurns)).isEqualTo(ints("1 3431 2 11889 29901 7251"));
    assertThat(ids(PrefixSpace.FIRST_RUN_AND_AFTER_IMAGE, twoTurns)).isEqualTo(ints("1 3431 2 11889 29901 7251"));
    String picture = "USER: <image>\nWhat";
    assertThat(ids(PrefixSpace.EVERY_RUN, picture)).isEqualTo(ints("1 3148 1001 29901 29871 -200 29871 13 5618"));
    assertThat(ids(PrefixSpace.FIRST_RUN, picture)).isEqualTo(ints("1 3148 1001 29901 29871 -200 13 5618"));
    assertThat(ids(PrefixSpace.FIRST_RUN_AND_AFTER_IMAGE, picture))
        .isEqualTo(ints("1 3148 1001 29901 29871 -200 29871 13 5618"));
    assertThat(ids(PrefixSpace.NEVER, "abc")).isEqualTo(ints("1 10736"));
    assertThat(ids(PrefixSpace.FIRST_RUN, "<s>Hello")).isEqualTo(ints("1 1 10994"));
    assertThat(ids(PrefixSpace.EVERY_RUN, "<s>Hello")).isEqualTo(ints("1 1 15043"));
  }

  @Test
  void anyTextSurvives() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      String text = RandomText.of(random, 60);
      assertThat(TextGoldens.decode(vocabulary, tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @Test
  void longTextIsFast() {
    String page = TextGoldens.stream(GoldenFiles.json(folder.resolve("cases.json")))
        .map(golden -> golden.path("text").asText())
        .reduce("", String::concat);
    String text = page.repeat(Math.ceilDiv(100_000, page.length()));
    tokenizer.encode(text);
    long start = System.nanoTime();
    int[] words = tokenizer.encode(text);
    int[] oneWord = tokenizer.encode("z".repeat(100_000));
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf("tokenised 200 KB to %d tokens in %s%n", words.length + oneWord.length, taken);
    assertThat(taken).isLessThan(Duration.ofSeconds(2));
  }

  private static int[] ids(PrefixSpace prefix, String rawPrompt) {
    Tokenizer other = new Tokenizer(vocabulary.withPrefix(prefix));
    return other.tokenize(other.parse(rawPrompt)).ids(-200);
  }

  private static int[] ints(String text) {
    return Arrays.stream(text.strip().split(" +"))
        .filter(id -> !id.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static String utf8(Path file) {
    return new String(GoldenFiles.bytes(file), StandardCharsets.UTF_8);
  }
}
