package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import io.github.llava4j.engine.Timings;
import io.github.llava4j.engine.TokenLogprob;
import org.jspecify.annotations.Nullable;

/** What a local model knows about an answer beyond LangChain4j's common metadata. */
public class LlavaChatResponseMetadata extends ChatResponseMetadata {

  private final int imageTokenCount;
  private final int cachedTokenCount;
  private final @Nullable Timings timings;
  private final List<TokenLogprob> logprobs;
  private final @Nullable Double toolDecisionProbability;

  protected LlavaChatResponseMetadata(Builder builder) {
    super(builder);
    this.imageTokenCount = builder.imageTokenCount;
    this.cachedTokenCount = builder.cachedTokenCount;
    this.timings = builder.timings;
    this.logprobs = builder.logprobs;
    this.toolDecisionProbability = builder.toolDecisionProbability;
  }

  /** How many of the input tokens are pictures'. */
  public int imageTokenCount() {
    return imageTokenCount;
  }

  /** How many of the input tokens an earlier request had already computed. */
  public int cachedTokenCount() {
    return cachedTokenCount;
  }

  /** Where the time went. */
  public @Nullable Timings timings() {
    return timings;
  }

  /**
   * How likely each token of the answer was, in the order of the raw answer, tool calls included; empty unless
   * {@link LlavaChatRequestParameters#logprobs} asked for it.
   */
  public List<TokenLogprob> logprobs() {
    return logprobs;
  }

  /**
   * How likely the model found its decision for a tool, or for an answer in words, among all that it could decide; null if
   * it had no choice.
   */
  public @Nullable Double toolDecisionProbability() {
    return toolDecisionProbability;
  }

  @Override
  public Builder toBuilder() {
    return ((Builder) super.toBuilder(new Builder()))
        .imageTokenCount(imageTokenCount)
        .cachedTokenCount(cachedTokenCount)
        .timings(timings)
        .logprobs(logprobs)
        .toolDecisionProbability(toolDecisionProbability);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof LlavaChatResponseMetadata that
        && imageTokenCount == that.imageTokenCount
        && cachedTokenCount == that.cachedTokenCount
        && Objects.equals(timings, that.timings)
        && logprobs.equals(that.logprobs)
        && Objects.equals(toolDecisionProbability, that.toolDecisionProbability);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), imageTokenCount, cachedTokenCount, timings, logprobs, toolDecisionProbability);
  }

  @Override
  public String toString() {
    return "Llava" + super.toString() + "{imageTokenCount=" + imageTokenCount + ", cachedTokenCount="
        + cachedTokenCount + ", timings=" + timings + ", logprobs=" + logprobs.size() + ", toolDecisionProbability="
        + toolDecisionProbability + '}';
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects metadata. */
  public static class Builder extends ChatResponseMetadata.Builder<Builder> {

    private int imageTokenCount;
    private int cachedTokenCount;
    private @Nullable Timings timings;
    private List<TokenLogprob> logprobs = List.of();
    private @Nullable Double toolDecisionProbability;

    /** Public so that it can be extended. */
    public Builder() {}

    /** See {@link LlavaChatResponseMetadata#imageTokenCount}. */
    public Builder imageTokenCount(int value) {
      imageTokenCount = value;
      return this;
    }

    /** See {@link LlavaChatResponseMetadata#cachedTokenCount}. */
    public Builder cachedTokenCount(int value) {
      cachedTokenCount = value;
      return this;
    }

    /** See {@link LlavaChatResponseMetadata#timings}. */
    public Builder timings(@Nullable Timings value) {
      timings = value;
      return this;
    }

    /** See {@link LlavaChatResponseMetadata#logprobs}. */
    public Builder logprobs(List<TokenLogprob> value) {
      logprobs = List.copyOf(value);
      return this;
    }

    /** See {@link LlavaChatResponseMetadata#toolDecisionProbability}. */
    public Builder toolDecisionProbability(@Nullable Double value) {
      toolDecisionProbability = value;
      return this;
    }

    @Override
    public LlavaChatResponseMetadata build() {
      return new LlavaChatResponseMetadata(this);
    }
  }
}
