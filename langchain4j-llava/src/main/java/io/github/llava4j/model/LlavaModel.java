package io.github.llava4j.model;

import java.util.List;
import java.util.Set;

import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.image.AnyRes;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.Picture;
import io.github.llava4j.image.Preprocessor;
import io.github.llava4j.image.Tiles;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.tensor.Tensor;
import io.github.llava4j.text.ChatTemplate;
import io.github.llava4j.text.Detokenizer;
import io.github.llava4j.text.PromptPart;
import io.github.llava4j.text.Tokenizer;
import io.github.llava4j.variant.LlavaVariant;
import org.jspecify.annotations.Nullable;

/**
 * A LLaVA model ready to be compiled by a backend: weights mapped from their files, configuration, tokenizer and picture
 * preprocessing. Immutable and thread-safe. It owns nothing: whoever opened its files closes them, as a {@code LlavaEngine}
 * does with those that it opened.
 */
public final class LlavaModel {

  private final Checkpoint checkpoint;
  private final LlavaVariant variant;
  private final Tokenizer tokenizer;
  private final Preprocessor preprocessor;
  private final TileMerger merger;
  private final VisionTower vision;
  private final Decoder decoder;

  /**
   * The model in opened files.
   *
   * @param checkpoint stays the caller's, who closes it when the model is not used any more
   * @param template name of one of {@link io.github.llava4j.text.ChatTemplates}, or null for the one in the files
   * @param outputs what the programs give besides what an answer needs
   * @throws io.github.llava4j.CheckpointException if the files contradict one another or ask for what is not supported
   */
  @Internal
  public static LlavaModel of(Checkpoint checkpoint, @Nullable String template, Set<Output> outputs) {
    return new LlavaModel(checkpoint, template, outputs);
  }

  private LlavaModel(Checkpoint checkpoint, @Nullable String template, Set<Output> outputs) {
    this.checkpoint = checkpoint;
    this.variant = LlavaVariant.of(checkpoint, template);
    this.tokenizer = new Tokenizer(variant.vocabulary());
    this.preprocessor = new Preprocessor(variant.preprocessing());
    this.vision = VisionTower.of(checkpoint.config(), checkpoint::tensor);
    this.decoder = Decoder.of(checkpoint.config().decoder(), checkpoint::tensor, outputs);
    float[] newline = checkpoint.config().projector().newline() ? checkpoint.tensor("newline").toFloats() : null;
    this.merger = new TileMerger(checkpoint.config(), variant.preprocessing(), newline);
  }

  /** The name of the checkpoint: its folder or file. */
  public String name() {
    return checkpoint.name();
  }

  /** One line that says what it is. */
  public String description() {
    return variant.name() + ", " + checkpoint.container() + ", " + config().decoder().layers() + " layers";
  }

  /** How a conversation becomes a prompt. */
  public ChatTemplate template() {
    return variant.template();
  }

  /**
   * A weight by llava4j's own name for it; {@link Checkpoint} explains them.
   *
   * @throws io.github.llava4j.CheckpointException if the model has no such tensor
   */
  @Internal
  public Tensor tensor(String name) {
    return checkpoint.tensor(name);
  }

  /** All dimensions. */
  @Internal
  public LlavaConfig config() {
    return checkpoint.config();
  }

  /** What differs between the LLaVA models besides their dimensions. */
  @Internal
  public LlavaVariant variant() {
    return variant;
  }

  /** Makes tokens of texts, and prompts of raw ones. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The vision tower and projector as a program. */
  @Internal
  public VisionTower vision() {
    return vision;
  }

  /** The language model as a program. */
  @Internal
  public Decoder decoder() {
    return decoder;
  }

  /** Whether pictures are cut into tiles (LLaVA-1.6) rather than seen as one. */
  public boolean tiles() {
    return variant.preprocessing().mode() == ImagePreprocessing.Mode.ANYRES;
  }

  /** The ids of a prompt, with one -1 for each picture. */
  public int[] tokenize(List<PromptPart> prompt) {
    return tokenizer.tokenize(prompt).ids(-1);
  }

  /**
   * A number of tokens that {@code prompt} needs at the least, pictures not counted: as if each were the longest that the
   * vocabulary has. Takes no time, however long the prompt.
   */
  public long leastTokens(List<PromptPart> prompt) {
    return tokenizer.leastTokens(prompt);
  }

  /** Bytes of heap that the tiles of a picture of that size take. */
  public long tileBytes(int width, int height, boolean overviewOnly) {
    ImagePreprocessing settings = variant.preprocessing();
    long size = settings.tileSize();
    long tiles = overviewOnly ? 1 : AnyRes.tiles(settings, width, height);
    return tiles * 3 * size * size * Float.BYTES;
  }

  /** How many positions a picture of that size takes in a prompt. */
  public int imageTokens(int width, int height, boolean overviewOnly) {
    return merger.count(width, height, overviewOnly);
  }

  /** A picture as the vision tower takes it. */
  public Tiles tile(Picture picture, boolean overviewOnly) {
    return overviewOnly ? preprocessor.overview(picture) : preprocessor.tiles(picture);
  }

  /**
   * The embeddings of a picture, in the order in which the decoder takes them.
   *
   * @param projected [tiles, features, hidden]
   * @return [image tokens, hidden]
   */
  public float[] merge(Tiles tiles, float[] projected) {
    return merger.merge(tiles, projected);
  }

  /** A detokenizer for one answer. */
  @Internal
  public Detokenizer detokenizer() {
    return new Detokenizer(variant.vocabulary());
  }

  /** Whether {@code token} ends an answer. */
  public boolean isEnd(int token) {
    return variant.endTokens().contains(token);
  }
}
