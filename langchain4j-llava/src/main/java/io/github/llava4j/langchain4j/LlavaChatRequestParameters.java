package io.github.llava4j.langchain4j;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import org.jspecify.annotations.Nullable;

/** LangChain4j's common parameters and those that only this provider has. */
public class LlavaChatRequestParameters extends DefaultChatRequestParameters {

  /** Nothing set. */
  public static final LlavaChatRequestParameters EMPTY = builder().build();

  /** Our own parameters that are set, by name. A new one is a getter here and a setter in the builder. */
  private final Map<String, Object> own;

  protected LlavaChatRequestParameters(Builder builder) {
    super(builder);
    this.own = new LinkedHashMap<>(builder.own);
  }

  private <T> @Nullable T own(String name, Class<T> type) {
    return type.cast(own.get(name));
  }

  /** Tokens less likely than this fraction of the likeliest are not chosen; null for no such limit. */
  public @Nullable Double minP() {
    return own("minP", Double.class);
  }

  /** Divides the logits of tokens that occurred in the answer; null for none. */
  public @Nullable Double repetitionPenalty() {
    return own("repetitionPenalty", Double.class);
  }

  /**
   * Of the random numbers: the same request, alone on the same backend, gives the same answer; null for another answer
   * each time.
   */
  public @Nullable Long seed() {
    return own("seed", Long.class);
  }

  /** How long the answer may take, the time that the request waits included; null for the engine's limit. */
  public @Nullable Duration timeout() {
    return own("timeout", Duration.class);
  }

  /**
   * Whose caches the request may use: only requests with the same salt share computed prompts and pictures. For servers of
   * several tenants, none of whom is to learn from the time of an answer what others asked. Null for the common caches.
   */
  public @Nullable String cacheSalt() {
    return own("cacheSalt", String.class);
  }

  /** The white space of JSON that the model writes; null for {@link JsonStyle#FLEXIBLE}. */
  public @Nullable JsonStyle jsonStyle() {
    return own("jsonStyle", JsonStyle.class);
  }

  /**
   * Whether JSON has all properties that its schema names, those that are not required, too; if not, the model decides, and
   * a weak one often leaves them out. Null for yes where a response format requires nothing at all, as LangChain4j's schemas of
   * records do, and for no elsewhere.
   */
  public @Nullable Boolean allProperties() {
    return own("allProperties", Boolean.class);
  }

  /** What happens with keywords of a response format that no grammar can express; null for refusing them. */
  public @Nullable UnsupportedKeywords unsupportedKeywords() {
    return own("unsupportedKeywords", UnsupportedKeywords.class);
  }

  /** Most digits of an integer in JSON; null for 18, which fit into a {@code long}. 9 fit into an {@code int}. */
  public @Nullable Integer maxIntegerDigits() {
    return own("maxIntegerDigits", Integer.class);
  }

  /** Most tool calls of one answer; null for 4. */
  public @Nullable Integer maxToolCalls() {
    return own("maxToolCalls", Integer.class);
  }

  /**
   * Most characters of a line of thought before the model decides about tools, which is handed over as the answer's
   * {@code thinking}; null or 0 for none.
   */
  public @Nullable Integer toolThought() {
    return own("toolThought", Integer.class);
  }

  /** Whether a response format is described in the prompt; null for yes. Without that a model only guesses it. */
  public @Nullable Boolean schemaInPrompt() {
    return own("schemaInPrompt", Boolean.class);
  }

  /**
   * How many of the likeliest tokens the metadata list beside each token of the answer, with their probabilities: 0 for
   * the answer's own alone; null for no probabilities.
   */
  public @Nullable Integer logprobs() {
    return own("logprobs", Integer.class);
  }

  /** What the answer is held to in place of a response format; null for nothing. */
  public @Nullable LlavaGrammar grammar() {
    return own("grammar", LlavaGrammar.class);
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
    return super.equals(other) && other instanceof LlavaChatRequestParameters that && own.equals(that.own);
  }

  @Override
  public int hashCode() {
    return 31 * super.hashCode() + own.hashCode();
  }

  @Override
  public String toString() {
    Map<String, Object> shown = new LinkedHashMap<>(own);
    shown.replace("cacheSalt", "set");
    return "Llava" + super.toString() + shown;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects parameters; what is not set, or set to null, stays the model's default. */
  public static class Builder extends DefaultChatRequestParameters.Builder<Builder> {

    private final Map<String, Object> own = new LinkedHashMap<>();

    /** Public so that it can be extended. */
    public Builder() {}

    private Builder own(String name, @Nullable Object value) {
      if (value == null) {
        own.remove(name);
      } else {
        own.put(name, value);
      }
      return this;
    }

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof LlavaChatRequestParameters llava) {
        own.putAll(llava.own);
      }
      return this;
    }

    /** See {@link LlavaChatRequestParameters#minP}. */
    public Builder minP(@Nullable Double value) {
      return own("minP", value);
    }

    /** See {@link LlavaChatRequestParameters#repetitionPenalty}. */
    public Builder repetitionPenalty(@Nullable Double value) {
      return own("repetitionPenalty", value);
    }

    /** See {@link LlavaChatRequestParameters#seed}. */
    public Builder seed(@Nullable Long value) {
      return own("seed", value);
    }

    /** See {@link LlavaChatRequestParameters#timeout}. */
    public Builder timeout(@Nullable Duration value) {
      return own("timeout", value);
    }

    /** See {@link LlavaChatRequestParameters#cacheSalt}. */
    public Builder cacheSalt(@Nullable String value) {
      return own("cacheSalt", value);
    }

    /** See {@link LlavaChatRequestParameters#jsonStyle}. */
    public Builder jsonStyle(@Nullable JsonStyle value) {
      return own("jsonStyle", value);
    }

    /** See {@link LlavaChatRequestParameters#allProperties}. */
    public Builder allProperties(@Nullable Boolean value) {
      return own("allProperties", value);
    }

    /** See {@link LlavaChatRequestParameters#unsupportedKeywords}. */
    public Builder unsupportedKeywords(@Nullable UnsupportedKeywords value) {
      return own("unsupportedKeywords", value);
    }

    /** See {@link LlavaChatRequestParameters#maxIntegerDigits}. */
    public Builder maxIntegerDigits(@Nullable Integer value) {
      return own("maxIntegerDigits", value);
    }

    /** See {@link LlavaChatRequestParameters#maxToolCalls}. */
    public Builder maxToolCalls(@Nullable Integer value) {
      return own("maxToolCalls", value);
    }

    /** See {@link LlavaChatRequestParameters#toolThought}. */
    public Builder toolThought(@Nullable Integer value) {
      return own("toolThought", value);
    }

    /** See {@link LlavaChatRequestParameters#schemaInPrompt}. */
    public Builder schemaInPrompt(@Nullable Boolean value) {
      return own("schemaInPrompt", value);
    }

    /** See {@link LlavaChatRequestParameters#logprobs}. */
    public Builder logprobs(@Nullable Integer value) {
      return own("logprobs", value);
    }

    /** See {@link LlavaChatRequestParameters#grammar}. */
    public Builder grammar(@Nullable LlavaGrammar value) {
      return own("grammar", value);
    }

    @Override
    public LlavaChatRequestParameters build() {
      return new LlavaChatRequestParameters(this);
    }
  }
}
