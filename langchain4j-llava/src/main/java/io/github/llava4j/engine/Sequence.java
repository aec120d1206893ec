package io.github.llava4j.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import io.github.llava4j.image.Tiles;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.Detokenizer;
import io.github.llava4j.text.StopFilter;

/**
 * One request on its way through the engine: prompt positions, then generated ones. Made on the caller's thread, used on
 * the engine's.
 */
final class Sequence {

  /** A picture of the prompt. {@code embeddings} is null until its tiles went through the vision tower. */
  static final class Image {
    final ImageEmbeddingCache.Key key;
    final int firstPosition;
    final int tokens;
    final Tiles tiles;
    float[] projected = new float[0];
    float[] features = new float[0];
    int tilesDone;
    float[] embeddings;

    Image(ImageEmbeddingCache.Key key, int firstPosition, int tokens, Tiles tiles, float[] embeddings) {
      this.key = key;
      this.firstPosition = firstPosition;
      this.tokens = tokens;
      this.tiles = tiles;
      this.embeddings = embeddings;
    }
  }

  final GenerationRequest request;
  final Generation generation;
  final Sampler sampler;
  final List<Image> images;
  /** Token id of each position, -1 for those of pictures; prompt first. */
  private int[] tokens;
  /** What each position holds, for the prefix cache. */
  private long[] keys;
  private final int promptTokens;
  private final int maxLength;
  private final Detokenizer detokenizer;
  private final StopFilter stopFilter;
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> generated = new ArrayList<>();
  private int length;
  int slot = -1;
  /** Positions whose keys and values are computed. */
  int filled;
  int reused;
  float[] promptHidden;
  float[] promptLogits;
  double imageMs;
  private long visionNanos;
  private long prefillStart;
  private long decodeStart;

  Sequence(
      GenerationRequest request, Generation generation, LlavaModel model, int[] prompt, List<Image> images, int context) {
    this.request = request;
    this.generation = generation;
    this.images = images;
    this.sampler = new Sampler(request.sampling());
    this.detokenizer = model.detokenizer();
    this.stopFilter = new StopFilter(request.stop());
    this.promptTokens = prompt.length;
    this.length = prompt.length;
    this.maxLength = (int) Math.min(context, (long) prompt.length + request.maxTokens());
    this.tokens = Arrays.copyOf(prompt, maxLength);
    this.keys = new long[maxLength];
    for (int i = 0; i < prompt.length; i++) {
      keys[i] = prompt[i];
    }
    for (Image image : images) {
      // The first 64 bits of SHA-256, the sign bit set so that no token id can be meant.
      long hash = ByteBuffer.wrap(HexFormat.of().parseHex(image.key.hash(), 0, 16)).getLong();
      long base = hash * 31 + (image.key.overviewOnly() ? 1 : 0);
      for (int i = 0; i < image.tokens; i++) {
        keys[image.firstPosition + i] = base + 0x9E3779B97F4A7C15L * i | Long.MIN_VALUE;
      }
    }
  }

  long[] promptKeys() {
    return Arrays.copyOf(keys, promptTokens);
  }

  long key(int position) {
    return keys[position];
  }

  int token(int position) {
    return tokens[position];
  }

  int promptTokens() {
    return promptTokens;
  }

  /** Positions that could be computed now. */
  int pending() {
    return length - filled;
  }

  boolean isPrefilling() {
    return filled < promptTokens;
  }

  /** The next picture that must go through the vision tower, or null; those that the prefix cache covers need not. */
  Image nextImage() {
    for (Image image : images) {
      boolean covered = image.firstPosition + image.tokens <= reused && !request.traced();
      if (image.embeddings == null && !covered) {
        return image;
      }
    }
    return null;
  }

  /** Copies the embedding at {@code position} of a picture. */
  void embedding(int position, float[] out, int offset, int width) {
    for (Image image : images) {
      int row = position - image.firstPosition;
      if (row >= 0 && row < image.tokens) {
        System.arraycopy(image.embeddings, row * width, out, offset, width);
        return;
      }
    }
    throw new IllegalStateException("position " + position + " belongs to no picture");
  }

  void addVisionTime(long nanos) {
    visionNanos += nanos;
  }

  void prefillStarts() {
    if (prefillStart == 0) {
      prefillStart = System.nanoTime();
    }
  }

  /** Whether the next token needs more than the largest logit's column. */
  boolean needsLogits() {
    return !request.sampling().isPlainGreedy() || request.traced() && generated.isEmpty();
  }

  /**
   * Takes the logits of the last position.
   *
   * @return the result if this was the last token, else null
   */
  GenerationResult accept(float[] logits, LlavaModel model) {
    if (generated.isEmpty() && request.traced()) {
      promptLogits = logits.clone();
    }
    return accept(sampler.sample(logits), model);
  }

  /**
   * Takes the next token.
   *
   * @return the result if this was the last one, else null
   */
  GenerationResult accept(int token, LlavaModel model) {
    if (generated.isEmpty()) {
      decodeStart = System.nanoTime();
    }
    generated.add(token);
    boolean ended = model.isEnd(token);
    if (!ended) {
      emit(stopFilter.append(detokenizer.append(token)));
    }
    if (ended || stopFilter.found().isPresent()) {
      return finish(FinishReason.STOP);
    }
    if (length >= maxLength || generated.size() >= request.maxTokens()) {
      return finish(FinishReason.LENGTH);
    }
    tokens[length] = token;
    keys[length] = token;
    length++;
    return null;
  }

  private void emit(String part) {
    text.append(part);
    generation.text(part);
  }

  GenerationResult finish(FinishReason reason) {
    long end = System.nanoTime();
    if (reason != FinishReason.CANCELLED) {
      emit(stopFilter.append(detokenizer.finish()));
      emit(stopFilter.finish());
    }
    int imageTokens = images.stream().mapToInt(image -> image.tokens).sum();
    double prefillMs = decodeStart == 0 ? 0 : (decodeStart - prefillStart) / 1e6;
    double decodeMs = decodeStart == 0 ? 0 : (end - decodeStart) / 1e6;
    return new GenerationResult(
        text.toString(), List.copyOf(generated), promptTokens, imageTokens, reused, reason,
        new Timings(imageMs, visionNanos / 1e6, prefillMs, decodeMs), null);
  }

  Trace trace(int imageToken) {
    int[] ids = Arrays.copyOf(tokens, promptTokens);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ids[i] < 0 ? imageToken : ids[i];
    }
    List<Trace.Image> traced = images.stream()
        .map(image -> new Trace.Image(image.tiles, image.features, image.projected, image.embeddings))
        .toList();
    return new Trace(traced, ids, promptHidden, promptLogits);
  }
}
