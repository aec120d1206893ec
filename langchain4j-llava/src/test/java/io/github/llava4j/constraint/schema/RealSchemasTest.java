package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import io.github.llava4j.ConstraintException;
import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.grammar.GrammarSampler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 176 schemas that people use: event schemas of Snowplow's iglu-central, and SchemaStore's. All that have only keywords we
 * promise to enforce compile, and what is written under a compiled one is valid, says a validator that is not ours.
 *
 * <p>{@code -Dllava4j.test.documents=500} writes more documents for each.
 */
class RealSchemasTest {

  private static final boolean VERBOSE = Boolean.getBoolean("llava4j.test.verbose");
  private static final int DOCUMENTS = Integer.getInteger("llava4j.test.documents", 4);

  private record Real(String file, String hint, JsonNode schema) {}

  private static List<Real> all() {
    List<Real> all = new ArrayList<>();
    for (JsonNode entry : Material.json(Material.text("/json-schema-real-world/index.json"))) {
      String file = entry.get("file").asText().substring("real-world/".length());
      JsonNode schema = JsonSchemas.read(Material.text("/json-schema-real-world/" + file));
      all.add(new Real(file, entry.get("hint").asText(), schema));
    }
    return all;
  }

  @Test
  void thoseWithPromisedKeywordsCompileAndOthersSayWhy() {
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> compiled = new TreeMap<>();
    Map<String, Integer> total = new TreeMap<>();
    for (Real real : all()) {
      total.merge(real.hint, 1, Integer::sum);
      try {
        JsonSchemas.compile(real.schema, SchemaOptions.DEFAULT, "s");
        compiled.merge(real.hint, 1, Integer::sum);
      } catch (ConstraintException e) {
        if (VERBOSE) {
          System.out.println("NOT COMPILED " + real.hint + ": " + real.file + ": " + e.getMessage());
        }
        // what is there as .avro is an Avro schema and no JSON schema
        if (real.hint.equals("enforced") && !real.file.contains(".avro.") || !e.getMessage().matches("(?s).* at #.*")) {
          wrong.add(real.file + ": " + e.getMessage());
        }
      }
      for (Unsupported unsupported : new Unsupported[] {Unsupported.CHECK, Unsupported.IGNORE}) {
        try {
          JsonSchemas.compile(real.schema, SchemaOptions.DEFAULT.withUnsupported(unsupported), "s");
          compiled.merge(unsupported + " " + real.hint, 1, Integer::sum);
        } catch (ConstraintException e) {
          if (VERBOSE) {
            System.out.println("NOT COMPILED, " + unsupported + ": " + real.file + ": " + e.getMessage());
          }
        }
      }
    }
    if (VERBOSE) {
      System.out.println("compiled " + compiled + " of " + total);
    }
    assertThat(wrong).isEmpty();
    assertThat(compiled).containsEntry("enforced", 99).containsEntry("ignored", 5);
    assertThat(compiled.get("checked")).isGreaterThanOrEqualTo(35);
  }

  @Test
  void whatIsWrittenIsValid() {
    Random random = new Random(7);
    List<String> wrong = new ArrayList<>();
    int documents = 0;
    for (Real real : all()) {
      SchemaGrammar grammar;
      try {
        grammar = JsonSchemas.compile(real.schema, SchemaOptions.DEFAULT, "s");
      } catch (ConstraintException e) {
        continue;
      }
      Schema judge = Judge.of(real.schema, false);
      Schema withFormats = Judge.of(real.schema, true);
      GrammarSampler sampler = new GrammarSampler(new GrammarOracle(grammar.toGrammar("root")), random);
      for (int i = 0; i < DOCUMENTS; i++) {
        String word = sampler.word(random.nextInt(400));
        documents++;
        try {
          List<?> errors = judge.validate(word, InputFormat.JSON);
          if (!errors.isEmpty() && !withFormats.validate(word, InputFormat.JSON).isEmpty()) {
            wrong.add(real.file + ": " + errors + " in " + word);
            break;
          }
        } catch (RuntimeException e) {
          wrong.add(real.file + ": " + e + " in " + word);
          break;
        }
      }
    }
    if (VERBOSE) {
      System.out.println(documents + " documents");
      wrong.forEach(line -> System.out.println("WRONG " + line));
    }
    assertThat(wrong).isEmpty();
  }
}
