package io.github.llava4j.langchain4j;

import java.util.Objects;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;

import static dev.langchain4j.internal.Utils.getOrDefault;

/** LangChain4j's common parameters and those that only this provider has. */
public class LlavaChatRequestParameters extends DefaultChatRequestParameters {

  /** Nothing set. */
  public static final LlavaChatRequestParameters EMPTY = builder().build();

  private final Double minP;
  private final Double repetitionPenalty;
  private final Long seed;

  protected LlavaChatRequestParameters(Builder builder) {
    super(builder);
    this.minP = builder.minP;
    this.repetitionPenalty = builder.repetitionPenalty;
    this.seed = builder.seed;
  }

  /** Tokens less likely than this fraction of the likeliest are not chosen; null for no such limit. */
  public Double minP() {
    return minP;
  }

  /** Divides the logits of tokens that occurred in the answer; null for none. */
  public Double repetitionPenalty() {
    return repetitionPenalty;
  }

  /** Of the random numbers: the same request gives the same answer; null for another answer each time. */
  public Long seed() {
    return seed;
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
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof LlavaChatRequestParameters that
        && Objects.equals(minP, that.minP)
        && Objects.equals(repetitionPenalty, that.repetitionPenalty)
        && Objects.equals(seed, that.seed);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), minP, repetitionPenalty, seed);
  }

  @Override
  public String toString() {
    return "Llava" + super.toString() + "{minP=" + minP + ", repetitionPenalty=" + repetitionPenalty + ", seed=" + seed
        + '}';
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects parameters; what is not set stays the model's default. */
  public static class Builder extends DefaultChatRequestParameters.Builder<Builder> {

    private Double minP;
    private Double repetitionPenalty;
    private Long seed;

    /** Public so that it can be extended. */
    public Builder() {}

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof LlavaChatRequestParameters llava) {
        minP(getOrDefault(llava.minP, minP));
        repetitionPenalty(getOrDefault(llava.repetitionPenalty, repetitionPenalty));
        seed(getOrDefault(llava.seed, seed));
      }
      return this;
    }

    /** See {@link LlavaChatRequestParameters#minP}. */
    public Builder minP(Double value) {
      minP = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#repetitionPenalty}. */
    public Builder repetitionPenalty(Double value) {
      repetitionPenalty = value;
      return this;
    }

    /** See {@link LlavaChatRequestParameters#seed}. */
    public Builder seed(Long value) {
      seed = value;
      return this;
    }

    @Override
    public LlavaChatRequestParameters build() {
      return new LlavaChatRequestParameters(this);
    }
  }
}
