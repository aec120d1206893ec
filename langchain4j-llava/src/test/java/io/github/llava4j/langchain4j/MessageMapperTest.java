package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.langchain4j.MessageMapper.Conversation;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Content;
import io.github.llava4j.text.Turn.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class MessageMapperTest {

  private static final MessageMapper MAPPER =
      new MessageMapper(new PictureReader(ImageLoader.DEFAULT, List.of()), LowDetail.OVERVIEW);

  @Test
  void keepsOrderOfMessagesAndContents() {
    Conversation conversation = MAPPER.map(List.of(
        SystemMessage.from("Be brief."),
        UserMessage.from("Ann",
            TextContent.from("First"),
            Goldens.image(Goldens.VICUNA, "tiny_5x4.png"),
            TextContent.from("then"),
            Goldens.image(Goldens.VICUNA, "thin_2x40.png")),
        AiMessage.builder().text("Yes.").thinking("hm").build(),
        UserMessage.from("Why?")));
    assertThat(conversation.turns()).containsExactly(
        Turn.of(Role.SYSTEM, "Be brief."),
        new Turn(Role.USER, List.of(
            new Content.Text("First"), new Content.Image(), new Content.Text("then"), new Content.Image())),
        Turn.of(Role.ASSISTANT, "Yes."),
        Turn.of(Role.USER, "Why?"));
    assertThat(conversation.pictures()).extracting(input -> input.picture().width()).containsExactly(5, 2);
    assertThat(conversation.pictures()).extracting(input -> input.picture().name())
        .satisfiesExactly(
            name -> assertThat(name).startsWith("image 1 (in message 2 of 4; ").contains("remove that message"),
            name -> assertThat(name).startsWith("image 2 (in message 2 of 4; "));
    assertThat(MAPPER.map(List.of(UserMessage.from(Goldens.image(Goldens.VICUNA, "tiny_5x4.png")))).pictures())
        .extracting(input -> input.picture().name()).containsExactly("image 1");
  }

  static Stream<Arguments> unsupported() {
    ToolExecutionRequest call = ToolExecutionRequest.builder().name("f").arguments("{}").build();
    return Stream.of(
        arguments("tool", AiMessage.from(call)),
        arguments("TOOL_EXECUTION_RESULT", ToolExecutionResultMessage.from(call, "1")),
        arguments("CUSTOM", CustomMessage.from(Map.of("a", 1))),
        arguments("audio", UserMessage.from(AudioContent.from("AAAA", "audio/wav"))),
        arguments("video", UserMessage.from(VideoContent.from("AAAA", "video/mp4"))),
        arguments("pdf", UserMessage.from(PdfFileContent.from("AAAA", "application/pdf"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsupported")
  void refusesByNameWhatLlavaCannotTake(String name, ChatMessage message) {
    assertThatThrownBy(() -> MAPPER.map(List.of(message)))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("not supported");
  }
}
