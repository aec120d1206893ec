package io.github.llava4j.text;

import java.util.List;

import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Vocabulary.PrefixSpace;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tokenizer.ggml.*} entries of a GGUF file's metadata; those that a file may leave out are null then.
 *
 * @param model "llama" for SentencePiece
 * @param tokens all pieces
 * @param scores a score for each piece
 * @param types SentencePiece's code for each piece's kind
 */
@Internal
public record GgufTokenizer(
    String model,
    List<String> tokens,
    float[] scores,
    int[] types,
    @Nullable Integer bos,
    @Nullable Integer eos,
    @Nullable Integer unknown,
    @Nullable Boolean addBos,
    @Nullable Boolean addSpacePrefix) {

  /**
   * Makes the vocabulary.
   *
   * @param source the file that messages name
   * @throws io.github.llava4j.CheckpointException if the arrays disagree or the model is of another kind
   */
  public Vocabulary vocabulary(String source) {
    VocabularyBuilder builder = new VocabularyBuilder(source);
    if (!"llama".equals(model)) {
      throw builder.error("tokenizer.ggml.model is " + model + "; only llama (SentencePiece BPE) is supported");
    }
    if (scores.length != tokens.size() || types.length != tokens.size()) {
      throw builder.error(
          "%d tokens, %d scores and %d types in tokenizer.ggml.*"
              .formatted(tokens.size(), scores.length, types.length));
    }
    for (int id = 0; id < types.length; id++) {
      builder.typed(id, tokens.get(id), types[id]);
    }
    builder.merges(MergeTable.byScore(builder.pieces(), builder.types(), scores));
    builder.bos(bos == null ? 1 : bos);
    builder.eos(eos == null ? 2 : eos);
    // Converters call <unk> a control token, so that its kind does not tell.
    builder.unknown("<unk>");
    if (unknown != null) {
      builder.unknown(unknown);
    }
    builder.addBos(addBos == null || addBos);
    builder.prefix(prefix(builder), true);
    return builder.build();
  }

  /** GGUF lost Hugging Face's "legacy" flag; this takes it to be false, as LLaVA's own tokenizers have it. */
  private PrefixSpace prefix(VocabularyBuilder builder) {
    if (addSpacePrefix != null && !addSpacePrefix) {
      return PrefixSpace.NEVER;
    }
    return builder.knows(PromptPart.IMAGE_MARK) ? PrefixSpace.FIRST_RUN : PrefixSpace.FIRST_RUN_AND_AFTER_IMAGE;
  }
}
