package io.github.llava4j.langchain4j;

import java.time.Duration;
import java.util.Objects;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import org.jspecify.annotations.Nullable;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** LangChain4j's common parameters and those that only this provider has. */
public class LlavaChatRequestParameters extends DefaultChatRequestParameters {

  /** Nothing set. */
  public static final LlavaChatRequestParameters EMPTY = builder().build();

  private final @Nullable Double minP;
  private final @Nullable Double repetitionPenalty;
  private final @Nullable Long seed;
  private final @Nullable Duration timeout;
  private final @Nullable String cacheSalt;

  protected LlavaChatRequestParameters(Builder builder) {
    super(builder);
    this.minP = builder.minP;
    this.repetitionPenalty = builder.repetitionPenalty;
    this.seed = builder.seed;
    this.timeout = builder.timeout;
    this.cacheSalt = builder.cacheSalt;
  }

  /** Tokens less likely than this fraction of the likeliest are not chosen; null for no such limit. */
  public @Nullable Double minP() {
    return minP;
  }

  /** Divides the logits of tokens that occurred in the answer; null for none. */
  public @Nullable Double repetitionPenalty() {
    return repetitionPenalty;
  }

  /**
   * Of the random numbers: the same request, alone on the same backend, gives the same answer; null for another answer
   * each time.
   */
  public @Nullable Long seed() {
    return seed;
  }

  /** How long the answer may take, the time that the request waits included; null for the engine's limit. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  /**
   * Whose caches the request may use: only requests with the same salt share computed prompts and pictures. For servers of
   * several tenants, none of whom is to learn from the time of an answer what others asked. Null for the common caches.
   */
  public @Nullable String cacheSalt() {
    return cacheSalt;
  }

  @Override
  public LlavaChatRequestParameters overrideWith(ChatRequestParameters that) {
    return builder().overrideWith(this).overrideWith(that).build();
  }

  @Override
  public LlavaChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return builder().overrideWith(that).overrideWith(this).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return super.equals(other)
        && other instanceof LlavaChatRequestParameters that
        && Objects.equals(minP, that.minP)
        && Objects.equals(repetitionPenalty, that.repetitionPenalty)
        && Objects.equals(seed, that.seed)
        && Objects.equals(timeout, that.timeout)
        && Objects.equals(cacheSalt, that.cacheSalt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), minP, repetitionPenalty, seed, timeout, cacheSalt);
  }

  @Override
  public String toString() {
    return "Llava" + super.toString() + "{minP=" + minP + ", repetitionPenalty=" + repetitionPenalty + ", seed=" + seed
        + ", timeout=" + timeout + ", cacheSalt=" + (cacheSalt == null ? "none" : "set") + '}';
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects parameters; what is not set stays the model's default. */
  public static class Builder extends DefaultChatRequestParameters.Builder<Builder> {

    private @Nullable Double minP;
    private @Nullable Double repetitionPenalty;
    private @Nullable Long seed;
    private @Nullable Duration timeout;
    private @Nullable String cacheSalt;

    /** Public so that it can be extended. */
    public Builder() {}

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof LlavaChatRequestParameters llava) {
        minP(getOrDefault(llava.minP, minP));
        repetitionPenalty(getOrDefault(llava.repetitionPenalty, repetitionPenalty));
        seed(getOrDefault(llava.seed, seed));
        timeout(getOrDefault(llava.timeout, timeout));
        cacheSalt(getOrDefault(llava.cacheSalt, cacheSalt));
      }
      return this;
    }

    /** See {@link LlavaChatRequestParameters#minP}. */
    public Builder minP(@Nullable Double value) {
      minP = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#repetitionPenalty}. */
    public Builder repetitionPenalty(@Nullable Double value) {
      repetitionPenalty = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#seed}. */
    public Builder seed(@Nullable Long value) {
      seed = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#timeout}. */
    public Builder timeout(@Nullable Duration value) {
      timeout = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#cacheSalt}. */
    public Builder cacheSalt(@Nullable String value) {
      cacheSalt = value;
      return this;
    }

    @Override
    public LlavaChatRequestParameters build() {
      return new LlavaChatRequestParameters(this);
    }
  }
}
