package io.github.llava4j.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.PromptException;
import io.github.llava4j.testing.GoldenFiles;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The files that a vocabulary comes from: what they may say, which of them wins, and what happens to damaged ones. */
class VocabularyReadersTest {

  private static final byte[] MODEL = GoldenFiles.bytes(GoldenFiles.path("tokenizer/tokenizer.model"));

  private static final String IMAGE_TOKEN =
      "\"added_tokens_decoder\": {\"800\": {\"content\": \"<image>\", \"special\": true}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                     | EVERY_RUN",
        "{\"legacy\": true}                     | EVERY_RUN",
        "{\"legacy\": false}                    | FIRST_RUN_AND_AFTER_IMAGE",
        "{\"legacy\": false, " + IMAGE_TOKEN + "} | FIRST_RUN"
      })
  void legacyFlagPlacesTheDummySpace(String config, PrefixSpace expected) {
    // Paddle's name for the model file.
    Vocabulary vocabulary = read(Map.of("sentencepiece.bpe.model", MODEL, "tokenizer_config.json", utf8(config)));
    assertThat(vocabulary.prefix()).isEqualTo(expected);
  }

  @Test
  void rolesOfTokensComeFromTheConfig() {
    Vocabulary vocabulary =
        read(
            Map.of(
                "tokenizer.model", MODEL,
                "tokenizer_config.json", utf8("{\"eos_token\": \"<|im_end|>\", \"add_bos_token\": false}"),
                "special_tokens_map.json", utf8("{\"eos_token\": {\"content\": \"<s>\"}, \"unk_token\": \"<s>\"}"),
                "added_tokens.json", utf8("{\"<|im_end|>\": 805}")));
    assertThat(vocabulary.eos()).isEqualTo(805);
    assertThat(vocabulary.unknown()).isEqualTo(1);
    assertThat(vocabulary.addBos()).isFalse();
    assertThat(vocabulary.size()).isEqualTo(806);
    assertThat(TextGoldens.decode(vocabulary, 801, 805, 806)).isEmpty();
    assertThat(new Tokenizer(vocabulary).tokenize(List.of(new PromptPart.Special("<|im_end|>"))).ids(0))
        .containsExactly(805);
  }

  @Test
  void fastTokenizerWinsOverTheOtherFiles() {
    Vocabulary vocabulary =
        read(
            Map.of(
                "tokenizer.json", GoldenFiles.bytes(GoldenFiles.path("tokenizer/tokenizer.legacy_true.json")),
                "tokenizer.model", utf8("never looked at"),
                "tokenizer_config.json", utf8("{\"legacy\": false}"),
                "added_tokens.json", utf8("{\"<image>\": 999}")));
    assertThat(vocabulary.prefix()).isEqualTo(PrefixSpace.EVERY_RUN);
    assertThat(vocabulary.special("<image>")).hasValue(800);
    assertThat(vocabulary.size()).isEqualTo(802);
  }

  @Test
  void addedTokensSwallowWhiteSpaceIfTheySaySo() {
    String config =
        "{\"legacy\": false, \"added_tokens_decoder\": {"
            + "\"800\": {\"content\": \"<image>\", \"special\": true, \"rstrip\": true},"
            + "\"801\": {\"content\": \"<end>\", \"special\": true, \"lstrip\": true}}}";
    Tokenizer tokenizer =
        new Tokenizer(
            read(
                Map.of(
                    "tokenizer.model", MODEL,
                    "tokenizer_config.json", utf8(config),
                    "added_tokens.json", utf8("{\"<image>\": 800}"))));
    assertThat(tokenizer.tokenize(tokenizer.parse("a<image> \n a \n<end> a")).ids(800))
        .isEqualTo(tokenizer.tokenize(tokenizer.parse("a<image>a<end> a")).ids(800));
  }

  @Test
  void userDefinedPiecesAreTextButMarksAreNot() {
    GgufTokenizer gguf =
        new GgufTokenizer(
            "llama",
            List.of("<unk>", "<s>", "</s>", "\u2581", "a", "aa", "\u2581\u2581\u2581", "<mark>"),
            new float[] {0, 0, 0, -2, -3, -1, 0, 0},
            new int[] {2, 3, 3, 1, 1, 1, 4, 4},
            null,
            null,
            null,
            null,
            null);
    Vocabulary vocabulary = gguf.vocabulary("test.gguf");
    Tokenizer tokenizer = new Tokenizer(vocabulary);
    assertThat(tokenizer.encode("aaa   aa")).containsExactly(3, 5, 4, 6, 5);
    // No byte tokens: a stretch of unknown characters is one unknown token.
    assertThat(tokenizer.encode("<mark>a")).containsExactly(3, 0, 4, 0, 4);
    assertThat(tokenizer.tokenize(tokenizer.parse("<mark>a")).ids(0)).containsExactly(1, 7, 4);
    assertThat(vocabulary.unknown()).isZero();
    assertThat(vocabulary.prefix()).isEqualTo(PrefixSpace.FIRST_RUN_AND_AFTER_IMAGE);
  }

  @Test
  void equalScoresMergeFromTheLeft() {
    GgufTokenizer gguf =
        new GgufTokenizer(
            "llama",
            List.of("<unk>", "<s>", "</s>", "a", "b", "c", "ab", "bc"),
            new float[] {0, 0, 0, -2, -2, -2, -1, -1},
            new int[] {2, 3, 3, 1, 1, 1, 1, 1},
            1,
            2,
            0,
            true,
            false);
    Tokenizer tokenizer = new Tokenizer(gguf.vocabulary("test.gguf"));
    assertThat(tokenizer.encode("abc")).containsExactly(6, 5);
    assertThat(tokenizer.encode("bcab")).containsExactly(7, 6);
  }

  @Test
  void ggufArraysMustAgree() {
    GgufTokenizer shortScores =
        new GgufTokenizer("llama", List.of("a", "b"), new float[1], new int[2], 0, 1, null, null, null);
    assertThatThrownBy(() -> shortScores.vocabulary("x.gguf"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("x.gguf")
        .hasMessageContaining("2 tokens, 1 scores and 2 types");
    GgufTokenizer gpt2 = new GgufTokenizer("gpt2", List.of(), new float[0], new int[0], 0, 1, null, null, null);
    assertThatThrownBy(() -> gpt2.vocabulary("x.gguf")).hasMessageContaining("gpt2");
  }

  @Test
  void surrogateHalvesAreReplaced() {
    Vocabulary vocabulary = read(Map.of("tokenizer.model", MODEL));
    int[] ids = new Tokenizer(vocabulary).encode("a\uD83D!");
    assertThat(TextGoldens.decode(vocabulary, ids)).isEqualTo("a\uFFFD!");
  }

  @Test
  void templatesForAnotherVocabularyAreRefused() {
    Tokenizer tokenizer = new Tokenizer(read(Map.of("tokenizer.model", MODEL)));
    assertThatThrownBy(() -> tokenizer.tokenize(List.of(new PromptPart.Special("<|im_start|>"))))
        .isInstanceOf(PromptException.class)
        .hasMessageContaining("<|im_start|>");
  }

  @Test
  void noTokenizerIsNamed() {
    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("folder")
        .hasMessageContaining("sentencepiece.bpe.model");
    assertThatThrownBy(() -> read(Map.of("tokenizer.json", utf8("{"))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("folder/tokenizer.json");
  }

  @Test
  void unsupportedFastTokenizersAreRefusedByName() {
    refused("WordPiece", root -> ((ObjectNode) root.path("model")).put("type", "WordPiece"));
    refused("ignore_merges", root -> ((ObjectNode) root.path("model")).put("ignore_merges", true));
    refused("ByteLevel", root -> ((ObjectNode) root.path("pre_tokenizer")).put("type", "ByteLevel"));
    refused("prepend_scheme", root -> ((ObjectNode) root.path("pre_tokenizer")).put("prepend_scheme", "last"));
    refused("NFKC", root -> root.putObject("normalizer").put("type", "NFKC"));
    refused("merge 525", root -> ((ArrayNode) root.at("/model/merges")).add("no such"));
    refused("merge 525", root -> ((ArrayNode) root.at("/model/merges")).add(7));
    refused("impossible id", root -> ((ObjectNode) root.at("/model/vocab")).put("x", Integer.MAX_VALUE));
    refused("model.vocab", root -> root.remove("model"));
  }

  private static void refused(String message, Consumer<ObjectNode> change) {
    JsonNode root = GoldenFiles.json("tokenizer/tokenizer.legacy_false.json");
    change.accept((ObjectNode) root);
    assertThatThrownBy(() -> read(Map.of("tokenizer.json", utf8(root.toString()))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  /** Whatever happens to a model file, it is read or refused: no other exception, no endless loop, no huge array. */
  @Test
  void damagedModelFilesAreRefused() {
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = MODEL.clone();
      for (int n = random.nextInt(8); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      if (i % 3 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      try {
        new Tokenizer(read(Map.of("tokenizer.model", damaged))).encode("A test.");
      } catch (CheckpointException e) {
        assertThat(e).hasMessageContaining("folder/tokenizer.model");
        refused++;
      }
    }
    assertThat(refused).isBetween(1000, 3000);
  }

  private static Vocabulary read(Map<String, byte[]> files) {
    return TextGoldens.read("folder", name -> Optional.ofNullable(files.get(name)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
