package io.github.llava4j.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;

/** Who hears of an answer, in LangChain4j's words. All calls come from one thread; one of the last two is the last. */
interface AnswerSink {

  /** The answer in words goes on. */
  default void text(String text) {}

  /** The arguments of a call go on. Whether the call comes to its end is not certain yet. */
  default void partialCall(PartialToolCall call) {}

  /** A call is complete. */
  default void completeCall(CompleteToolCall call) {}

  /** That was all. */
  void response(ChatResponse response);

  /** It failed. */
  void error(RuntimeException error);
}
