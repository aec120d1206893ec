package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.function.Function;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Those of LangChain4j's contract tests that expect a model to know about Berlin or cats, for a model with random
 * weights that knows nothing: instead of a certain answer, the answer must depend on what the test is about.
 */
final class KnowledgeFree {

  private static final UserMessage QUESTION = UserMessage.from("What is the capital of Germany?");

  private final Function<ChatRequest, ChatResponse> chat;

  KnowledgeFree(Function<ChatRequest, ChatResponse> chat) {
    this.chat = chat;
  }

  void userMessage() {
    ChatResponse response = answer(QUESTION);
    assertThat(response.aiMessage().text()).isNotBlank();
    assertThat(response.aiMessage().toolExecutionRequests()).isEmpty();
    assertThat(response.id()).isNotBlank();
    assertThat(response.modelName()).isNotBlank();
    assertThat(response.tokenUsage().inputTokenCount()).isPositive();
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(16);
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(text(UserMessage.from("What is the capital of France?"))).isNotEqualTo(response.aiMessage().text());
  }

  void systemMessage() {
    assertMore(answer(SystemMessage.from("Translate messages from user into German"), QUESTION), answer(
        SystemMessage.from("Hi"), QUESTION));
  }

  void multipleMessages() {
    assertMore(
        answer(UserMessage.from("My favorite color is green"), AiMessage.from("Nice to meet you"), QUESTION),
        answer(QUESTION));
  }

  void stopSequences() {
    String full = text(QUESTION);
    String stop = full.substring(full.length() / 2, full.length() / 2 + 3);
    ChatResponse response = chat.apply(
        request(ChatRequestParameters.builder().maxOutputTokens(16).stopSequences(stop).build(), QUESTION));
    assertThat(response.aiMessage().text()).isEqualTo(full.substring(0, full.indexOf(stop)));
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
  }

  void images(ImageContent cat, ImageContent dice) {
    TextContent question = TextContent.from("What do you see?");
    ChatResponse none = answer(UserMessage.from(question));
    ChatResponse first = answer(UserMessage.from(question, cat));
    ChatResponse second = answer(UserMessage.from(question, dice));
    ChatResponse both = answer(UserMessage.from(question, cat, dice));
    assertMore(first, none);
    assertMore(both, first);
    assertThat(second.aiMessage().text()).isNotEqualTo(first.aiMessage().text());
    assertThat(imageTokens(none)).isZero();
    assertThat(imageTokens(both)).isEqualTo(imageTokens(first) + imageTokens(second));
  }

  private static int imageTokens(ChatResponse response) {
    return ((LlavaChatResponseMetadata) response.metadata()).imageTokenCount();
  }

  private static void assertMore(ChatResponse more, ChatResponse less) {
    assertThat(more.aiMessage().text()).isNotBlank().isNotEqualTo(less.aiMessage().text());
    assertThat(more.tokenUsage().inputTokenCount()).isGreaterThan(less.tokenUsage().inputTokenCount());
  }

  private String text(ChatMessage... messages) {
    return answer(messages).aiMessage().text();
  }

  private ChatResponse answer(ChatMessage... messages) {
    return chat.apply(request(ChatRequestParameters.builder().maxOutputTokens(16).build(), messages));
  }

  private static ChatRequest request(ChatRequestParameters parameters, ChatMessage... messages) {
    return ChatRequest.builder().messages(List.of(messages)).parameters(parameters).build();
  }
}
