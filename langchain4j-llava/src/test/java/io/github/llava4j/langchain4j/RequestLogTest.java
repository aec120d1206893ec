package io.github.llava4j.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.request.ChatRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RequestLogTest {

  private static final UserMessage LOOK = UserMessage.from(
      TextContent.from("Look at this"), Goldens.image(Goldens.VICUNA, "tiny_5x4.png"));

  @Test
  void requestsAndResponsesAreWrittenWithPicturesShortened() throws Exception {
    String base64 = LOOK.contents().get(1) instanceof ImageContent image ? image.image().base64Data() : "";
    try (RecordedLog log = new RecordedLog(RequestLog.class)) {
      LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA))
          .logRequests(true).logResponses(true).maxOutputTokens(3).build();
      String answer = model.chat(LOOK).aiMessage().text();
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().getFirst())
          .contains("Look at this", "image/png, ", " bytes, sha256 ", "maxOutputTokens=3").doesNotContain(base64);
      assertThat(log.lines().getLast()).contains("Response", answer, "finishReason=LENGTH");

      LlavaStreamingChatModel streaming = LlavaStreamingChatModel.builder().engine(Goldens.engine(Goldens.VICUNA))
          .logResponses(true).maxOutputTokens(3).build();
      RecordingHandler heard = new RecordingHandler();
      streaming.chat(ChatRequest.builder().messages(LOOK).build(), heard);
      heard.await();
      assertThat(log.lines()).hasSize(3);
    }
  }

  @Test
  void nothingIsWrittenUnlessAskedFor() {
    try (RecordedLog log = new RecordedLog(RequestLog.class)) {
      LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).maxOutputTokens(3).build().chat(LOOK);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void picturesOfAllSourcesAreShortened() {
    ToolExecutionRequest call = ToolExecutionRequest.builder().id("1").name("look").build();
    assertThat(RequestLog.text(UserMessage.from(ImageContent.from("data:image/png;base64,AAAA"))))
        .contains("3 bytes, sha256 ").doesNotContain("AAAA");
    assertThat(RequestLog.text(UserMessage.from(ImageContent.from("https://example.org/a.png"))))
        .contains("https://example.org/a.png");
    assertThat(RequestLog.text(ToolExecutionResultMessage.builder().id("1").toolName(call.name())
        .contents(java.util.List.of(ImageContent.from("AAAA", "image/gif"))).build()))
        .contains("result of look", "image/gif, 3 bytes").doesNotContain("AAAA");
  }

  @Test
  void aRequestThatIsRefusedStandsInTheLog() {
    try (RecordedLog log = new RecordedLog(RequestLog.class)) {
      LlavaChatModel model = LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).logRequests(true).build();
      assertThatThrownBy(() -> model.chat(UserMessage.from(ImageContent.from("AAAA", "image/png"))))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(log.lines()).singleElement().asString().contains("Request");
    }
  }
}
