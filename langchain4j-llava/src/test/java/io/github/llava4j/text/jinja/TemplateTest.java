package io.github.llava4j.text.jinja;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The language itself: a template full of its corners, and what transformers (Jinja 3.1.6) makes of it. */
class TemplateTest {

  private static final Path ROOT = Path.of("src/test/resources/templates");

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c"})
  void writesWhatJinjaWrites(String conversation) throws IOException {
    JsonNode golden = new ObjectMapper().readTree(ROOT.resolve("language.json").toFile()).path(conversation);
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", value(golden.path("messages")));
    Template template = Template.parse(Files.readString(ROOT.resolve("language.jinja")));
    assertThat(template.render(variables).text()).isEqualTo(golden.path("text").asText());
  }

  private static Object value(JsonNode node) {
    if (node.isTextual()) {
      return Marked.of(node.textValue(), 1);
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(value(item)));
      return items;
    }
    Map<Object, Object> fields = new LinkedHashMap<>();
    node.properties().forEach(field -> fields.put(Marked.of(field.getKey()), value(field.getValue())));
    return fields;
  }
}
