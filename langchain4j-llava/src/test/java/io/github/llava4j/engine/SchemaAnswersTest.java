package io.github.llava4j.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.constraint.Constraint;
import io.github.llava4j.constraint.automaton.Matcher;
import io.github.llava4j.constraint.schema.JsonSchemas;
import io.github.llava4j.constraint.schema.RandomSchemas;
import io.github.llava4j.constraint.schema.SchemaOptions;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.text.Detokenizer;
import io.github.llava4j.text.Vocabulary;
import io.github.llava4j.variant.LlavaVariant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers of models that say anything, to schemas of any kind, with any number of tokens from the least on: each parses, an
 * independent validator accepts it, and none takes a token too many. {@code -Dllava4j.test.schemas=1000} for more schemas
 * than the build tries.
 */
class SchemaAnswersTest {

  private static final int SCHEMAS = Integer.getInteger("llava4j.test.schemas", 120);

  private final Random random = new Random(20261128);
  private Vocabulary vocabulary;
  private TokenTable tokens;

  @Test
  void everyAnswerIsValidAtEveryTokenLimit() {
    try (Checkpoint files = Checkpoint.open(ModelSource.of(Path.of("mini"), null))) {
      vocabulary = LlavaVariant.of(files, null).vocabulary();
    }
    tokens = TokenTable.of(vocabulary, Set.of(vocabulary.eos()));
    RandomSchemas schemas = new RandomSchemas(random);
    for (int i = 0; i < SCHEMAS; i++) {
      String schema = schemas.schema().toString();
      Constraint constraint = Constraint.of(
          JsonSchemas.compile(JsonSchemas.read(schema), SchemaOptions.DEFAULT, "").toGrammar("root"), tokens);
      Schema validator = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema, InputFormat.JSON);
      for (double temperature : new double[] {0, 1.5}) {
        for (int more : List.of(0, 1 + random.nextInt(20), 100)) {
          check(schema, validator, constraint, temperature, constraint.leastTokens() + more);
        }
      }
    }
  }

  private void check(String schema, Schema validator, Constraint constraint, double temperature, int budget) {
    Sampler sampler = new Sampler(new Sampling(temperature, 0, 1, 0, 1, 0, 0, random.nextLong()));
    Matcher matcher = constraint.start();
    Detokenizer detokenizer = new Detokenizer(vocabulary);
    StringBuilder text = new StringBuilder();
    int left = budget;
    for (; left > 0 && !matcher.isFinished(); left--) {
      int token = sampler.sample(logits(), matcher, left).token();
      if (tokens.isEnd(token)) {
        break;
      }
      matcher.accept(token);
      text.append(detokenizer.append(token));
    }
    text.append(detokenizer.finish());
    assertThat(matcher.isAccepting()).as("%s with %d tokens of %s", text, budget, schema).isTrue();
    List<Error> errors = validator.validate(text.toString(), InputFormat.JSON);
    assertThat(errors).as("%s of %s", text, schema).isEmpty();
  }

  /** Of a model that would say anything, and now and then is sure of something. */
  private float[] logits() {
    float[] logits = new float[vocabulary.size() + 64];
    for (int token = 0; token < logits.length; token++) {
      logits[token] = (float) random.nextGaussian() * 4;
    }
    return logits;
  }
}
