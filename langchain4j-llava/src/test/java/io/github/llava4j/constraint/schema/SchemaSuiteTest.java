package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.UnsupportedConstraintException;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.grammar.GrammarSampler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The official JSON Schema Test Suite, draft 2020-12. No invalid instance may ever be accepted; how many valid ones are is
 * published in docs/constrained-decoding.md.
 */
class SchemaSuiteTest {

  private static final boolean VERBOSE = Boolean.getBoolean("llava4j.test.verbose");

  private static final int DOCUMENTS = Integer.getInteger("llava4j.test.documents", 4);

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
    assertThat(compiled).isEqualTo(Map.of("enforced", 240, "checked", 44, "ignored", 26, "refused", 59));
    assertThat(empty).isEqualTo(11);
    assertThat((double) accepted / valid).as(accepted + " of " + valid).isGreaterThan(0.93);
  }

  @Test
  void whatIsWrittenIsValidForOthersToo() {
    Random random = new Random(3);
    List<String> wrong = new ArrayList<>();
    int documents = 0;
    for (Group group : groups()) {
      SchemaGrammar grammar;
      try {
        grammar = JsonSchemas.compile(group.schema, SchemaOptions.DEFAULT, "s");
      } catch (ConstraintException e) {
        continue;
      }
      // networknt wants an object, and reads regular expressions as Java does
      if (!group.schema.isObject() || group.file.endsWith("ecmascript-regex.json")) {
        continue;
      }
      Schema judge = Judge.of(group.schema, false);
      SchemaValidator own = SchemaValidator.of(group.schema, SchemaOptions.DEFAULT);
      GrammarSampler sampler = new GrammarSampler(new GrammarOracle(grammar.toGrammar("root")), random);
      for (int i = 0; i < DOCUMENTS; i++) {
        String word = sampler.word(random.nextInt(60));
        documents++;
        List<?> errors = judge.validate(word, InputFormat.JSON);
        if (!errors.isEmpty()) {
          wrong.add(group.name() + ": " + errors + " in " + word);
        }
        Optional<String> own1 = own.check(Material.json(word));
        if (own1.isPresent()) {
          wrong.add(group.name() + ": our own says " + own1.get() + " in " + word);
        }
      }
    }
    if (VERBOSE) {
      System.out.println(documents + " documents");
      wrong.forEach(line -> System.out.println("WRONG " + line));
    }
    assertThat(wrong).isEmpty();
  }

  /** The validator for what grammars leave to a check, and for listed values. */
  @Test
  void theValidatorAgreesWithTheSuite() {
    List<String> wrong = new ArrayList<>();
    int judged = 0;
    int refused = 0;
    for (Group group : groups()) {
      if (group.hint.equals("ignored") || group.file.endsWith("/format.json")) {
        continue;
      }
      for (JsonNode test : group.tests) {
        String name = group.name() + ", " + test.get("description").asText();
        try {
          SchemaValidator validator = SchemaValidator.of(group.schema, SchemaOptions.DEFAULT);
          boolean valid = validator.check(test.get("data")).isEmpty();
          judged++;
          boolean strict = group.file.contains("optional/format") || group.file.contains("float-overflow");
          if (valid != test.get("valid").asBoolean() && (valid || !strict)) {
            wrong.add(name + ": " + valid);
          }
        } catch (UnsupportedConstraintException e) {
          refused++;
        }
      }
    }
    if (VERBOSE) {
      System.out.println("validator: judged " + judged + ", refused " + refused);
      wrong.forEach(line -> System.out.println("VERDICT " + line));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void checkedAndIgnoredKeywordsDoNoHarm() {
    Map<String, Integer> compiled = new TreeMap<>();
    for (Group group : groups()) {
      for (Unsupported unsupported : new Unsupported[] {Unsupported.CHECK, Unsupported.IGNORE}) {
        try {
          SchemaGrammar grammar =
              JsonSchemas.compile(group.schema, SchemaOptions.DEFAULT.withUnsupported(unsupported), "s");
          new GrammarOracle(grammar.toGrammar("root")).start();
          compiled.merge(unsupported + " " + group.hint, 1, Integer::sum);
          if (unsupported == Unsupported.IGNORE) {
            assertThat(grammar.needsCheck()).isFalse();
          }
        } catch (UnsupportedConstraintException e) {
          assertThat(unsupported).as(group.name() + e.getMessage()).isEqualTo(Unsupported.CHECK);
          assertThat(e).hasMessageMatching("(?s)\\S+ at #.*");
        } catch (ConstraintException e) {
          assertThat(group.satisfiable).as(group.name() + e.getMessage()).isFalse();
        }
      }
    }
    if (VERBOSE) {
      System.out.println("compiled " + compiled);
    }
    assertThat(compiled.get("CHECK checked")).isGreaterThan(60);
  }
}
