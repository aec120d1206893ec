package io.github.llava4j.demo.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A tool of an MCP server, which is a process of its own: called, executed there, and its result given back. */
class McpToolsTest {

  @Test
  void aToolOfAnotherProcessIsCalled() throws Exception {
    List<String> server = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), TicketServer.class.getName());
    McpClient client =
        DefaultMcpClient.builder().transport(StdioMcpTransport.builder().command(server).build()).build();
    try (LlavaChatModel model = ToolAgentTest.calling().build()) {
      List<ToolSpecification> tools = client.listTools();
      UserMessage question = UserMessage.from(TextContent.from("Open a ticket for this error."), Pictures.ERROR);

      AiMessage call = model.chat(
          ChatRequest.builder().messages(question).toolSpecifications(tools).build()).aiMessage();
      ToolExecutionRequest request = call.toolExecutionRequests().getFirst();
      long code = (Integer) new ObjectMapper().readValue(request.arguments(), Map.class).get("code");
      String result = client.executeTool(request).resultText();
      assertThat(result).isEqualTo("Ticket " + (code + 1) + " is open.");

      AiMessage answer = model.chat(ChatRequest.builder()
          .messages(question, call, ToolExecutionResultMessage.from(request, result))
          .toolSpecifications(tools).toolChoice(ToolChoice.NONE).build()).aiMessage();
      assertThat(answer.text()).isNotNull();
      assertThat(answer.hasToolExecutionRequests()).isFalse();
    } finally {
      client.close();
    }
  }
}
