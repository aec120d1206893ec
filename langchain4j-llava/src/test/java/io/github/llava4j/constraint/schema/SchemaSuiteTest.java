package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The official JSON Schema Test Suite, draft 2020-12. No invalid instance may ever be accepted; how many valid ones are is
 * published in docs/constrained-decoding.md.
 */
class SchemaSuiteTest {

  private static final boolean VERBOSE = Boolean.getBoolean("llava4j.test.verbose");

  private record Group(String file, int number, String hint, boolean satisfiable, JsonNode schema, JsonNode tests) {

    String name() {
      return file + " " + number;
    }
  }

  private static List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    Map<String, JsonNode> files = new LinkedHashMap<>();
    for (JsonNode keyword : Material.json(Material.text("/json-schema-suite/index.json"))) {
      String file = keyword.get("file").asText().substring("suite/".length());
      JsonNode content =
          files.computeIfAbsent(file, key -> Material.json(Material.text("/json-schema-suite/" + key)));
      for (JsonNode group : keyword.get("groups")) {
        JsonNode itself = content.get(group.get("group").asInt());
        boolean satisfiable = group.path("satisfiable").asBoolean(true);
        groups.add(
            new Group(
                file,
                group.get("group").asInt(),
                group.get("hint").asText(),
                satisfiable,
                itself.get("schema"),
                itself.get("tests")));
      }
    }
    return groups;
  }

  @Test
  void noInvalidInstanceIsAcceptedAndMostValidOnesAre() {
    List<Group> groups = groups();
    assertThat(groups).hasSize(421);
    List<String> wrong = new ArrayList<>();
    List<String> notCompiled = new ArrayList<>();
    List<String> rejected = new ArrayList<>();
    Map<String, Integer> compiled = new TreeMap<>();
    int valid = 0;
    int accepted = 0;
    int invalid = 0;
    int empty = 0;
    for (Group group : groups) {
      GrammarOracle oracle;
      boolean annotation;
      try {
        SchemaGrammar grammar = JsonSchemas.compile(group.schema, SchemaOptions.DEFAULT, "s");
        oracle = new GrammarOracle(grammar.toGrammar("root"));
        // a format that nobody knows here asks nothing, and is listed
        annotation = grammar.ignored().stream().anyMatch(line -> line.startsWith("format at"));
        assertThat(annotation).as(group.name()).isEqualTo(group.hint.equals("ignored"));
        assertThat(grammar.needsCheck()).isFalse();
      } catch (UnsupportedConstraintException e) {
        notCompiled.add(group.hint + ": " + group.name() + ": " + e.getMessage());
        continue;
      } catch (ConstraintException e) {
        empty++;
        notCompiled.add(group.hint + ": " + group.name() + ": " + e.getMessage());
        if (group.satisfiable) {
          wrong.add(group.name() + " is said to fit nothing: " + e.getMessage());
        }
        continue;
      }
      compiled.merge(group.hint, 1, Integer::sum);
      for (JsonNode test : group.tests) {
        JsonNode data = test.get("data");
        JsonNode ordered = Spellings.reordered(data, group.schema);
        String name = group.name() + ", " + test.get("description").asText() + ": " + Spellings.compact(data);
        if (test.get("valid").asBoolean()) {
          valid++;
          if (oracle.isWord(Spellings.compact(ordered)) || oracle.isWord(Spellings.compact(data))) {
            accepted++;
          } else {
            rejected.add(name);
          }
        } else if (!annotation) {
          invalid++;
          List<String> spellings = new ArrayList<>(Spellings.all(data));
          spellings.addAll(Spellings.all(ordered));
          for (String spelling : spellings) {
            if (oracle.isWord(spelling)) {
              wrong.add(name + " as " + spelling);
            }
          }
        }
      }
    }
    if (VERBOSE) {
      notCompiled.forEach(line -> System.out.println("NOT COMPILED " + line));
      rejected.forEach(line -> System.out.println("REJECTED " + line));
      wrong.forEach(line -> System.out.println("WRONG " + line));
      System.out.println(
          "compiled " + compiled + ", empty " + empty + ", valid " + accepted + "/" + valid + ", invalid " + invalid);
    }
    assertThat(wrong).isEmpty();
  }
}
