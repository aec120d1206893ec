package io.github.llava4j.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/**
 * A LLaVA model in this process as LangChain4j's {@link ChatModel}: text and pictures in; text, JSON or tool calls out.
 * Thread-safe.
 *
 * <pre>{@code
 * try (LlavaChatModel model = LlavaChatModel.builder().modelPath("models/llava-v1.6-vicuna-7b").build()) {
 *   model.chat(UserMessage.from(TextContent.from("What is this?"), ImageContent.from(Path.of("a.png"), "image/png")));
 * }
 * }</pre>
 *
 * <p>Greedy unless a temperature is set. A response format, the arguments of a tool call and a {@link LlavaGrammar} hold: the
 * model cannot write anything else. What it cannot do (other contents than text and pictures, a keyword of a schema that no
 * grammar can express) it refuses with an {@link dev.langchain4j.exception.UnsupportedFeatureException}.
 */
public class LlavaChatModel extends LlavaBaseChatModel implements ChatModel {

  protected LlavaChatModel(Builder builder) {
    super(builder);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> {
      BlockingSink sink = new BlockingSink();
      submit(prepare(request), sink).await();
      return sink.await();
    });
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a {@link LlavaChatModel}. */
  public static class Builder extends LlavaModelBuilder<Builder> {

    /** Public so that it can be extended. */
    public Builder() {}

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Makes the model.
     *
     * @throws dev.langchain4j.exception.ModelNotFoundException if the model's files are missing or cannot be used
     * @throws dev.langchain4j.exception.UnsupportedFeatureException if the default parameters ask for what it cannot do
     */
    public LlavaChatModel build() {
      return new LlavaChatModel(this);
    }
  }
}
