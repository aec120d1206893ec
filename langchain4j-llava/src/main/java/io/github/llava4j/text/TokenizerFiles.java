package io.github.llava4j.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Vocabulary.PrefixSpace;

/** Reads the tokenizer of a folder of Hugging Face's, the original LLaVA's or Paddle's; see the package description. */
@Internal
public final class TokenizerFiles {

  /** Files that hold a SentencePiece model: Hugging Face's and the original's name, and Paddle's. */
  private static final List<String> SENTENCEPIECE = List.of("tokenizer.model", "sentencepiece.bpe.model");

  private final String folder;
  private final Function<String, Optional<byte[]>> files;
  private final Function<String, Optional<JsonNode>> documents;

  private TokenizerFiles(
      String folder, Function<String, Optional<byte[]>> files, Function<String, Optional<JsonNode>> documents) {
    this.folder = folder;
    this.files = files;
    this.documents = documents;
  }

  /**
   * Reads the vocabulary of a folder.
   *
   * @param folder how messages name the folder
   * @param files content of the folder's file of that name, empty if there is none
   * @param documents the same of a file that holds JSON
   * @throws CheckpointException if a file is damaged, of a kind that is not supported, or none is there
   */
  public static Vocabulary read(
      String folder, Function<String, Optional<byte[]>> files, Function<String, Optional<JsonNode>> documents) {
    return new TokenizerFiles(folder, files, documents).read();
  }

  private Vocabulary read() {
    Optional<JsonNode> config = documents.apply("tokenizer_config.json");
    Optional<JsonNode> fast = documents.apply("tokenizer.json");
    if (fast.isPresent()) {
      VocabularyBuilder builder = new VocabularyBuilder(path("tokenizer.json"));
      TokenizerJson.read(fast.get(), builder);
      refine(builder, config.orElse(MissingNode.getInstance()));
      return builder.build();
    }
    for (String name : SENTENCEPIECE) {
      Optional<byte[]> model = files.apply(name);
      if (model.isPresent()) {
        return sentencePiece(path(name), model.get(), config);
      }
    }
    throw new CheckpointException(
        folder + ": no tokenizer: neither tokenizer.json nor " + String.join(" nor ", SENTENCEPIECE));
  }

  private Vocabulary sentencePiece(String path, byte[] model, Optional<JsonNode> config) {
    VocabularyBuilder builder = new VocabularyBuilder(path);
    SentencePieceModel.read(path, model, builder);
    refine(builder, config.orElse(MissingNode.getInstance()));
    if (builder.prefix() != PrefixSpace.NEVER) {
      builder.prefix(prefixOf(builder, config), true);
    }
    return builder.build();
  }

  /** Tokens on top of the vocabulary and the roles of tokens, which both kinds of vocabulary leave to further files. */
  private void refine(VocabularyBuilder builder, JsonNode config) {
    for (Map.Entry<String, JsonNode> entry : config.path("added_tokens_decoder").properties()) {
      JsonNode token = entry.getValue();
      builder.added(
          idOf(entry.getKey(), builder),
          token.path("content").asText(),
          token.path("special").asBoolean(),
          token.path("lstrip").asBoolean(),
          token.path("rstrip").asBoolean());
    }
    for (Map.Entry<String, JsonNode> entry : jsonOrMissing("added_tokens.json").properties()) {
      // This older file says less; what is known already stays as it is.
      if (!builder.knows(entry.getKey())) {
        builder.added(entry.getValue().asInt(-1), entry.getKey(), true, false, false);
      }
    }
    for (JsonNode roles : List.of(jsonOrMissing("special_tokens_map.json"), config)) {
      builder.bos(token(roles.path("bos_token")));
      builder.eos(token(roles.path("eos_token")));
      builder.unknown(token(roles.path("unk_token")));
    }
    if (config.path("add_eos_token").asBoolean()) {
      throw builder.error("add_eos_token of tokenizer_config.json is true: prompts that end in an end token are not "
          + "supported");
    }
    if (config.path("add_bos_token").isBoolean()) {
      builder.addBos(config.path("add_bos_token").booleanValue());
    }
  }

  /** The rule for the dummy space that tokenizer_config.json gives a SentencePiece model. */
  private static PrefixSpace prefixOf(VocabularyBuilder builder, Optional<JsonNode> config) {
    if (config.isPresent() && !config.get().path("add_prefix_space").asBoolean(true)) {
      return PrefixSpace.NEVER;
    }
    if (config.isPresent() && config.get().path("legacy").asBoolean(true)) {
      return PrefixSpace.EVERY_RUN;
    }
    // A vocabulary that was made for pictures knows their mark; without it, the original code cut prompts at the mark.
    return config.isEmpty() || builder.knows(PromptPart.IMAGE_MARK)
        ? PrefixSpace.FIRST_RUN
        : PrefixSpace.FIRST_RUN_AND_AFTER_IMAGE;
  }

  /** A token's role is given as its text or as an object that holds the text. */
  private static String token(JsonNode node) {
    return node.isObject() ? node.path("content").asText() : node.asText();
  }

  private static int idOf(String key, VocabularyBuilder builder) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw builder.error("added_tokens_decoder of tokenizer_config.json has the id \"" + key + "\"");
    }
  }

  private JsonNode jsonOrMissing(String name) {
    return documents.apply(name).orElse(MissingNode.getInstance());
  }

  private String path(String name) {
    return folder + "/" + name;
  }
}
