package io.github.llava4j.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;

/** LangChain4j's contract of listeners. */
class LlavaChatModelListenerTest extends AbstractChatModelListenerIT {

  @Override
  protected ChatModel createModel(ChatModelListener listener) {
    return Models.heard(LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)), listener,
        temperature(), topP(), maxTokens()).build();
  }

  @Override
  protected ChatModel createFailingModel(ChatModelListener listener) {
    return Models.heard(LlavaChatModel.builder().engine(Models.closedEngine()), listener,
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
