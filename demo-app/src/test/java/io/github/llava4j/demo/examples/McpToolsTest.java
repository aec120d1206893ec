package io.github.llava4j.demo.examples;

import java.nio.file.Path;
import java.util.List;

import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.stdio.StdioMcpTransport;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import io.github.llava4j.langchain4j.LlavaChatModel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tools of an MCP server, which is a process of its own. */
class McpToolsTest {

  @Test
  void aToolOfAnotherProcessGetsWhatTheModelReads() throws Exception {
    List<String> server = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp", System.getProperty("java.class.path"), TicketServer.class.getName());
    McpClient client =
        DefaultMcpClient.builder().transport(StdioMcpTransport.builder().command(server).build()).build();
    try (LlavaChatModel model = LlavaChatModel.builder().modelPath("mini").build()) {
      ToolAgentTest.Support support = AiServices.builder(ToolAgentTest.Support.class)
          .chatModel(model).toolProvider(McpToolProvider.builder().mcpClients(client).build()).build();

      Result<String> result = support.ask("Open a ticket for this error.", Pictures.ERROR);

      assertThat(result.toolExecutions()).hasSize(1);
      assertThat(result.toolExecutions().getFirst().result()).isEqualTo("Ticket 801 is open.");
      assertThat(result.content()).contains("801");
    } finally {
      client.close();
    }
  }
}
