package io.github.llava4j.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.text.Vocabulary.PieceType;
import io.github.llava4j.text.Vocabulary.PrefixSpace;

/** Reads the {@code tokenizer.json} of Hugging Face's tokenizers library, as far as Llama vocabularies use it. */
final class TokenizerJson {

  private final VocabularyBuilder builder;

  private TokenizerJson(VocabularyBuilder builder) {
    this.builder = builder;
  }

  /** Adds the file's pieces and rules to the builder. */
  static void read(JsonNode root, VocabularyBuilder builder) {
    new TokenizerJson(builder).read(root);
  }

  private void read(JsonNode root) {
    JsonNode model = root.path("model");
    refuseUnless(model.path("type").asText("BPE").equals("BPE"), "a model of type " + model.path("type"));
    refuseUnless(!model.path("ignore_merges").asBoolean(), "ignore_merges");
    if (!model.path("vocab").isObject() || !model.path("merges").isArray()) {
      throw builder.error("model.vocab and model.merges are expected");
    }
    pieces(model);
    merges(model.path("merges"));
    for (JsonNode token : root.path("added_tokens")) {
      builder.added(
          token.path("id").asInt(-1),
          token.path("content").asText(),
          token.path("special").asBoolean(),
          token.path("lstrip").asBoolean(),
          token.path("rstrip").asBoolean());
    }
    builder.unknown(model.path("unk_token").asText());
    builder.bos("<s>");
    builder.eos("</s>");
    prefix(root.path("normalizer"), root.path("pre_tokenizer"));
    bos(root.path("post_processor"));
  }

  private void pieces(JsonNode model) {
    boolean byteFallback = model.path("byte_fallback").asBoolean();
    for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
      boolean isByte = byteFallback && ByteTokens.isName(entry.getKey());
      builder.piece(entry.getValue().asInt(-1), entry.getKey(), isByte ? PieceType.BYTE : PieceType.NORMAL);
    }
  }

  private void merges(JsonNode merges) {
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < builder.pieces().size(); id++) {
      ids.put(builder.pieces().get(id), id);
    }
    MergeTable table = new MergeTable(merges.size());
    int rank = 0;
    for (JsonNode merge : merges) {
      // Older files write "a b"; a space cannot be part of a piece, where it reads U+2581.
      String[] pair =
          merge.isArray()
              ? new String[] {merge.path(0).asText(), merge.path(1).asText()}
              : merge.asText().split(" ", 2);
      Integer left = ids.get(pair[0]);
      Integer right = pair.length == 2 ? ids.get(pair[1]) : null;
      Integer result = right == null ? null : ids.get(pair[0] + pair[1]);
      if (left == null || result == null) {
        throw builder.error("merge " + rank + " " + merge + " is not made of tokens of the vocabulary");
      }
      table.add(left, right, rank++, result);
    }
    builder.merges(table);
  }

  private void prefix(JsonNode normalizer, JsonNode preTokenizer) {
    builder.prefix(PrefixSpace.NEVER, true);
    for (JsonNode step : steps(normalizer, "normalizers")) {
      switch (step.path("type").asText()) {
        case "Prepend" -> builder.prefix(PrefixSpace.EVERY_RUN, true);
        case "Replace" ->
            refuseUnless(
                step.at("/pattern/String").asText().equals(" ") && isSpaceMark(step.path("content")),
                "normalizer " + step);
        default -> refuseUnless(false, "normalizer " + step);
      }
    }
    for (JsonNode step : steps(preTokenizer, "pretokenizers")) {
      refuseUnless(
          step.path("type").asText().equals("Metaspace")
              && isSpaceMark(step.path("replacement"))
              && !step.path("split").asBoolean(true),
          "pre_tokenizer " + step);
      boolean oldAlways = step.path("add_prefix_space").asBoolean(true);
      String scheme = step.path("prepend_scheme").asText(oldAlways ? "always" : "never");
      switch (scheme) {
        case "always" -> builder.prefix(PrefixSpace.EVERY_RUN, false);
        case "first" -> builder.prefix(PrefixSpace.FIRST_RUN, false);
        case "never" -> { }
        default -> refuseUnless(false, "prepend_scheme " + scheme);
      }
    }
  }

  /** A post-processor that opens a sequence with a special token names the beginning-of-sequence token. */
  private void bos(JsonNode postProcessor) {
    builder.addBos(false);
    for (JsonNode step : steps(postProcessor, "processors")) {
      String first = step.at("/single/0/SpecialToken/id").asText();
      if (builder.knows(first)) {
        builder.bos(first);
        builder.addBos(true);
      }
    }
  }

  /** A step of a pipeline may be missing, one object, or a sequence of them. */
  private static Iterable<JsonNode> steps(JsonNode node, String sequence) {
    if (!node.isObject()) {
      return List.of();
    }
    return node.path("type").asText().equals("Sequence") ? node.path(sequence) : List.of(node);
  }

  private static boolean isSpaceMark(JsonNode node) {
    return node.asText().equals(String.valueOf(Vocabulary.SPACE_MARK));
  }

  private void refuseUnless(boolean supported, String what) {
    if (!supported) {
      throw builder.error(what + " is not supported; Llama's SentencePiece-like BPE is");
    }
  }
}
