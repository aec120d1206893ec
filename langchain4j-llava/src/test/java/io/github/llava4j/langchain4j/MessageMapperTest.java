package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
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
import io.github.llava4j.langchain4j.tool.Tool;
import io.github.llava4j.langchain4j.tool.ToolSet;
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

  private static final ToolSet TOOLS =
      new ToolSet(Tool.of(List.of(ToolSpecification.builder().name("openTicket").build())), false, 4, 0);

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
        UserMessage.from("Why?")), null);
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
    assertThat(MAPPER.map(List.of(UserMessage.from(Goldens.image(Goldens.VICUNA, "tiny_5x4.png"))), null).pictures())
        .extracting(input -> input.picture().name()).containsExactly("image 1");
  }

  @Test
  void callsAndTheirResultsAreTurnsInTheFormThatTheModelWrites() {
    ToolExecutionRequest ticket =
        ToolExecutionRequest.builder().id("1").name("openTicket").arguments("{\"title\": \"x\"}").build();
    ToolExecutionRequest time = ToolExecutionRequest.builder().id("2").name("time").arguments("").build();
    Conversation conversation = MAPPER.map(List.of(
        UserMessage.from("Hi"),
        AiMessage.from("Hello."),
        UserMessage.from("Open one."),
        AiMessage.from(ticket, time),
        ToolExecutionResultMessage.from(ticket, "T-1"),
        ToolExecutionResultMessage.builder().id("2").text("no clock").isError(true).build(),
        AiMessage.from("Done.")), TOOLS);
    assertThat(conversation.turns()).containsExactly(
        Turn.of(Role.USER, "Hi"),
        Turn.of(Role.ASSISTANT, "Action: answer\nHello."),
        Turn.of(Role.USER, "Open one."),
        Turn.of(Role.ASSISTANT, "Action: openTicket\nArguments: {\"title\": \"x\"}\nAction: time\nArguments: {}"),
        Turn.of(Role.USER,
            "Result of openTicket: T-1\nError of time: no clock\nIf the results answer the question, choose answer."),
        Turn.of(Role.ASSISTANT, "Action: answer\nDone."));
  }

  @Test
  void picturesStandInResultsWhereTheToolPutThem() {
    ToolExecutionResultMessage result = ToolExecutionResultMessage.builder().id("1").toolName("look")
        .contents(List.of(
            TextContent.from("before"), Goldens.image(Goldens.VICUNA, "tiny_5x4.png"), TextContent.from("after"),
            Goldens.image(Goldens.VICUNA, "thin_2x40.png")))
        .build();
    ToolExecutionResultMessage second =
        ToolExecutionResultMessage.builder().id("2").toolName("say").text("b").build();
    Conversation conversation = MAPPER.map(List.of(UserMessage.from("Hi"), result, second), TOOLS);
    assertThat(conversation.turns().getLast().contents()).containsExactly(
        new Content.Text("Result of look: before"),
        new Content.Image(),
        new Content.Text("after"),
        new Content.Image(),
        new Content.Text("\nResult of say: b\nIf the results answer the question, choose answer."));
    assertThat(conversation.pictures()).extracting(input -> input.picture().width()).containsExactly(5, 2);
    assertThat(conversation.pictures().getFirst().picture().name()).startsWith("image 1 (in message 2 of 3; ");
  }

  @Test
  void withoutToolsNothingIsSaidOfActionsToChoose() {
    ToolExecutionRequest call = ToolExecutionRequest.builder().id("1").name("f").arguments("{}").build();
    List<ChatMessage> messages = List.of(
        AiMessage.from("I look.", List.of(call)), ToolExecutionResultMessage.from(call, "1"), AiMessage.from("Done."));
    assertThat(MAPPER.map(messages, null).turns()).containsExactly(
        Turn.of(Role.ASSISTANT, "I look.\nAction: f\nArguments: {}"),
        Turn.of(Role.USER, "Result of f: 1"),
        Turn.of(Role.ASSISTANT, "Done."));
    ToolSet required = new ToolSet(TOOLS.tools(), true, 4, 0);
    assertThat(MAPPER.map(messages, required).turns().get(1)).isEqualTo(Turn.of(Role.USER, "Result of f: 1"));
  }

  static Stream<Arguments> unsupported() {
    return Stream.of(
        arguments("audio", ToolExecutionResultMessage.builder().toolName("f").contents(List.of(AudioContent.from("AAAA", "audio/wav"))).build()),
        arguments("CUSTOM", CustomMessage.from(Map.of("a", 1))),
        arguments("audio", UserMessage.from(AudioContent.from("AAAA", "audio/wav"))),
        arguments("video", UserMessage.from(VideoContent.from("AAAA", "video/mp4"))),
        arguments("pdf", UserMessage.from(PdfFileContent.from("AAAA", "application/pdf"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unsupported")
  void refusesByNameWhatLlavaCannotTake(String name, ChatMessage message) {
    assertThatThrownBy(() -> MAPPER.map(List.of(message), null))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("not supported");
  }
}
