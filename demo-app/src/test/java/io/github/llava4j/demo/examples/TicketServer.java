package io.github.llava4j.demo.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A small MCP server with one tool, on standard input and output: a program of its own, as other people's servers are. */
public final class TicketServer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOOLS = """
      {"tools": [{"name": "openTicket", "description": "Opens a ticket for an error.", "inputSchema": {"type": "object",
        "properties": {"code": {"type": "integer", "description": "the error code"}}, "required": ["code"]}}]}""";

  private TicketServer() {}

  public static void main(String[] args) throws IOException {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null;) {
      JsonNode request = JSON.readTree(line);
      if (request.has("id")) {
        ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", request.get("id"));
        answer.set("result", result(request));
        System.out.println(answer);
      }
    }
  }

  private static JsonNode result(JsonNode request) throws IOException {
    JsonNode parameters = request.path("params");
    return switch (request.path("method").asText()) {
      case "initialize" -> JSON.readTree("""
          {"protocolVersion": "%s", "capabilities": {"tools": {}}, "serverInfo": {"name": "tickets", "version": "1"}}"""
          .formatted(parameters.path("protocolVersion").asText()));
      case "tools/list" -> JSON.readTree(TOOLS);
      case "tools/call" -> JSON.readTree("""
          {"content": [{"type": "text", "text": "Ticket %d is open."}], "isError": false}"""
          .formatted(parameters.path("arguments").path("code").asInt() + 1));
      default -> JSON.createObjectNode();
    };
  }
}
