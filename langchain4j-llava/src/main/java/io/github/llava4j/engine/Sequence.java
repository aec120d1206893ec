package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.Detokenizer;
import io.github.llava4j.text.StopFilter;
import org.jspecify.annotations.Nullable;

/**
 * What is computed of one request: prompt positions, then generated ones. Made on the caller's thread, used on the
 * engine's. It keeps nothing of the request but what it needs: pictures live on as tiles only.
 */
final class Sequence implements Work {

  private final Generation generation;
  private final Sampling sampling;
  private final Sampler sampler;
  private final boolean traced;
  private final int maxTokens;
  private final List<PendingPicture> pictures;
  /** Token id of each position, -1 for those of pictures; prompt first. */
  private final int[] tokens;
  private final PositionKeys keys;
  private final int promptTokens;
  private final int imageTokens;
  private final int maxLength;
  private final Detokenizer detokenizer;
  private final List<String> stop;
  private final @Nullable Matcher matcher;
  private final @Nullable Logprobs logprobs;
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> generated = new ArrayList<>();
  private final double imageMs;
  private StopFilter stopFilter;
  private boolean closing;
  private int length;
  private int slot = -1;
  private int reused;
  private int filled;
  private float @Nullable [] promptHidden;
  private float @Nullable [] promptLogits;
  private long visionNanos;
  private long prefillStart;
  private long decodeStart;

  /** @param context most positions of prompt and answer */
  Sequence(GenerationRequest request, Prompt prompt, Generation generation, LlavaModel model, int context) {
    this.generation = generation;
    this.sampling = request.sampling();
    this.sampler = new Sampler(sampling);
    this.traced = request.traced();
    this.maxTokens = request.maxTokens();
    this.pictures = prompt.pictures();
    this.detokenizer = model.detokenizer();
    this.stop = request.stop();
    this.stopFilter = new StopFilter(stop);
    this.matcher = request.constraint() == null ? null : request.constraint().start();
    this.logprobs = request.logprobs() < 0 ? null : new Logprobs(request.logprobs(), model.variant().vocabulary());
    this.promptTokens = prompt.tokens().length;
    this.imageTokens = prompt.imageTokens();
    this.imageMs = prompt.imageMs();
    this.length = promptTokens;
    this.maxLength = (int) Math.min(context, (long) promptTokens + maxTokens);
    this.tokens = Arrays.copyOf(prompt.tokens(), maxLength);
    this.keys = new PositionKeys(prompt, maxLength, request.salt());
    if (request.constraint() != null && request.constraint().leastTokens() > budget()) {
      throw new ConstraintException("the shortest answer that keeps to the grammar or schema can take "
          + request.constraint().leastTokens() + " tokens, but there is room for " + budget()
          + "; raise the token limit, or shorten the prompt or the schema");
    }
  }

  /** Tokens that may still be generated. */
  private int budget() {
    return Math.min(maxTokens - generated.size(), maxLength - length + 1);
  }

  /** Whether the next token is held to a grammar. */
  private boolean isHeld() {
    return matcher != null && !matcher.isFree();
  }

  @Override
  public Generation generation() {
    return generation;
  }

  boolean traced() {
    return traced;
  }

  PositionKeys keys() {
    return keys;
  }

  /** It gets a slot, whose first {@code reused} positions are computed already. */
  void admitted(int ownSlot, int reusedPositions) {
    slot = ownSlot;
    reused = reusedPositions;
    filled = reusedPositions;
  }

  int slot() {
    return slot;
  }

  /** Positions whose keys and values are computed. */
  int filled() {
    return filled;
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
  @Nullable PendingPicture nextPicture() {
    for (PendingPicture picture : pictures) {
      boolean covered = picture.firstPosition() + picture.positions() <= reused && !traced;
      if (!picture.isSeen() && !covered) {
        return picture;
      }
    }
    return null;
  }

  /** Copies the embedding of a position that is a picture's. */
  void embedding(int position, float[] out, int offset, int width) {
    for (PendingPicture picture : pictures) {
      if (picture.holds(position)) {
        picture.embedding(position, out, offset, width);
        return;
      }
    }
    throw new IllegalStateException("position " + position + " belongs to no picture");
  }

  /** A tile took so long. */
  void saw(long nanos) {
    visionNanos += nanos;
  }

  /** Its next rows go into a batch. */
  void computing() {
    if (prefillStart == 0) {
      prefillStart = System.nanoTime();
    }
  }

  /** The next {@code count} positions are computed. */
  void computed(int count) {
    filled += count;
  }

  /** Whether the next token needs more than the largest logit's column. */
  boolean needsLogits() {
    return !sampling.isPlainGreedy() || isHeld() || logprobs != null || traced && generated.isEmpty();
  }

  /** Takes the hidden states of the last prompt position, for the trace. */
  void hiddenStates(float[] states) {
    promptHidden = states;
  }

  /**
   * Takes the logits of the last position.
   *
   * @return the result if this was the last token, else null
   * @throws io.github.llava4j.DeadEndException if no token can follow
   */
  @Nullable GenerationResult accept(float[] logits, LlavaModel model) {
    if (generated.isEmpty() && traced) {
      promptLogits = logits.clone();
    }
    float[] original = logprobs == null ? logits : logits.clone();
    int token = isHeld() ? constrained(logits) : sampler.sample(logits);
    if (logprobs != null) {
      logprobs.add(token, original, isHeld() ? matcher.mask() : null);
    }
    return accept(token, model);
  }

  private int constrained(float[] logits) {
    Sampler.Choice choice = sampler.sample(logits, Objects.requireNonNull(matcher), budget());
    if (choice.closing() && !closing) {
      closing = true;
      generation.closing();
    }
    return choice.token();
  }

  /**
   * Takes the next token.
   *
   * @param token -1 if the device found none
   * @return the result if this was the last one, else null
   * @throws io.github.llava4j.DeadEndException if no token can follow
   */
  @Nullable GenerationResult accept(int token, LlavaModel model) {
    if (token < 0) {
      throw Sampler.deadEnd();
    }
    if (generated.isEmpty()) {
      decodeStart = System.nanoTime();
    }
    generated.add(token);
    boolean ended = model.isEnd(token);
    if (!ended) {
      write(token, model);
    }
    if (ended || stopFilter.found().isPresent() || matcher != null && matcher.isFinished()) {
      return finish(closing ? FinishReason.LENGTH : FinishReason.STOP, model);
    }
    if (length >= maxLength || generated.size() >= maxTokens) {
      return finish(FinishReason.LENGTH, model);
    }
    tokens[length] = token;
    keys.put(length, token);
    length++;
    return null;
  }

  private void write(int token, LlavaModel model) {
    // The detokenizer is told every token, so that it knows that the text has begun when it takes over.
    String decoded = detokenizer.append(token);
    if (!isHeld()) {
      emit(stopFilter.append(decoded));
      return;
    }
    for (Matcher.Piece piece : matcher.accept(token)) {
      switch (piece) {
        case Matcher.Piece.Text(String part) -> emit(stopFilter.append(part));
        case Matcher.Piece.Reached(int signal) -> {
          emit(stopFilter.finish());
          generation.signal(signal);
        }
      }
    }
    if (matcher.isFree()) {
      // Free text may hold what a template ends answers with; inside a grammar it would cut strings.
      stopFilter = new StopFilter(Stream.concat(stop.stream(), model.template().stopStrings().stream()).toList());
    }
  }

  private void emit(String part) {
    text.append(part);
    generation.text(part);
  }

  /** What there is when it ends for {@code reason}. */
  GenerationResult finish(FinishReason reason, LlavaModel model) {
    long end = System.nanoTime();
    if (reason != FinishReason.CANCELLED) {
      if (!isHeld()) {
        emit(stopFilter.append(detokenizer.finish()));
      }
      emit(stopFilter.finish());
    }
    double prefillMs = decodeStart == 0 ? 0 : (decodeStart - prefillStart) / 1e6;
    double decodeMs = decodeStart == 0 ? 0 : (end - decodeStart) / 1e6;
    return new GenerationResult(
        text.toString(), List.copyOf(generated), promptTokens, imageTokens, reused, reason,
        new Timings(imageMs, visionNanos / 1e6, prefillMs, decodeMs),
        logprobs == null ? List.of() : logprobs.list(),
        trace(model.variant().imageToken()));
  }

  /** Null also where the request ended before its prompt was computed. */
  private @Nullable Trace trace(int imageToken) {
    if (promptHidden == null || promptLogits == null) {
      return null;
    }
    int[] ids = Arrays.copyOf(tokens, promptTokens);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ids[i] < 0 ? imageToken : ids[i];
    }
    return new Trace(pictures.stream().map(PendingPicture::trace).toList(), ids, promptHidden, promptLogits);
  }
}
