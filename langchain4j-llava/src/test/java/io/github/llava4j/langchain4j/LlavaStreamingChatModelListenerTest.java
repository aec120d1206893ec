package io.github.llava4j.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;

/** LangChain4j's contract of listeners to streams. */
class LlavaStreamingChatModelListenerTest extends AbstractStreamingChatModelListenerIT {

  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    return Models.heard(LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)), listener,
        temperature(), topP(), maxTokens()).build();
  }

  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    return Models.heard(LlavaStreamingChatModel.builder().engine(Models.closedEngine()), listener,
        temperature(), topP(), maxTokens()).build();
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return InternalServerException.class;
  }

  @Override
  protected String modelName() {
    return Goldens.engine(Goldens.VICUNA).model().name();
  }

  @Override
  protected boolean supportsTools() {
    return false;
  }
}
