package io.github.llava4j.langchain4j.json;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.agent.tool.ToolSpecification;

/** What somebody else's validator says of answers. */
public final class Validation {

  private Validation() {}

  /** What is wrong with {@code json}; empty if it is valid. */
  public static List<String> misses(JsonNode schema, String json) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema)
        .validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /** What is wrong with a call's arguments. */
  public static List<String> misses(ToolSpecification tool, String arguments) {
    return misses(SchemaNodes.ofParameters(tool.parameters()), arguments);
  }
}
