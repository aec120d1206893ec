package io.github.llava4j.langchain4j;

import java.util.concurrent.atomic.AtomicReference;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.github.llava4j.LlavaException;
import io.github.llava4j.UnsupportedConstraintException;
import org.jspecify.annotations.Nullable;

/**
 * A LLaVA model in this process as LangChain4j's {@link StreamingChatModel}: {@link LlavaChatModel} token by token.
 *
 * <p>A handler is called on one thread of its own request, which is neither the caller's nor the engine's: it may take
 * its time. Its {@code StreamingHandle} stops the computation at the next token; the handler hears nothing after that.
 * What the model cannot do is refused by an exception from {@code chat}; everything else that goes wrong, an unreadable
 * picture or a full queue, reaches {@code onError}.
 */
public class LlavaStreamingChatModel extends LlavaBaseChatModel implements StreamingChatModel {

  /** Where {@link #start} finds what {@link #doChat} started, with all that LangChain4j does in between. */
  private static final ScopedValue<AtomicReference<StreamingHandle>> STARTED = ScopedValue.newInstance();

  protected LlavaStreamingChatModel(Builder builder) {
    super(builder);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    StreamingSink sink = new StreamingSink(handler);
    if (STARTED.isBound()) {
      STARTED.get().set(sink);
    }
    try {
      sink.started(submit(prepare(request), sink));
    } catch (UnsupportedConstraintException e) {
      throw LlavaExceptionMapper.INSTANCE.mapException(e);
    } catch (LlavaException e) {
      RuntimeException mapped = LlavaExceptionMapper.INSTANCE.mapException(e);
      Thread.ofVirtual().name("llava-error").start(() -> sink.error(mapped));
    }
  }

  /**
   * Like {@code chat}, with the handle at once. LangChain4j's own comes with the first piece of text, and until then
   * looking at large pictures can take minutes, which could not be stopped.
   *
   * @return null if LangChain4j itself refused the request and told the handler so
   */
  public @Nullable StreamingHandle start(ChatRequest request, StreamingChatResponseHandler handler) {
    AtomicReference<StreamingHandle> started = new AtomicReference<>();
    ScopedValue.where(STARTED, started).run(() -> chat(request, handler));
    return started.get();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the settings of a {@link LlavaStreamingChatModel}. */
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
    public LlavaStreamingChatModel build() {
      return new LlavaStreamingChatModel(this);
    }
  }
}
