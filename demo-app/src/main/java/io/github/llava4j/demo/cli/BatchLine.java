package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.github.llava4j.engine.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * One line of a batch's request file. Fields that are left out have the defaults of {@code describe}; {@code id} is given
 * back as it came.
 */
record BatchLine(
    JsonNode id,
    @Nullable List<String> images,
    @Nullable String prompt,
    @Nullable String rawPrompt,
    @Nullable Integer maxTokens,
    @Nullable Double temperature,
    @Nullable Integer topK,
    @Nullable Double topP,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty,
    @Nullable Long seed,
    @Nullable List<String> stop,
    @Nullable String detail) {

  /** Takes nothing for what it is not: a misspelt field or a number in quotes must not change an answer in silence. */
  private static final JsonMapper STRICT = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .withCoercionConfig(LogicalType.Textual, texts -> {
        texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
        texts.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
        texts.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
      })
      .build();

  private static final ObjectReader READER = STRICT.readerFor(BatchLine.class);

  /** The JSON of a line, whatever it holds. */
  static JsonNode parse(String line) {
    try {
      return STRICT.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UserMistake("not a JSON object: " + e.getOriginalMessage(), e);
    }
  }

  /** The id of a line as it stands in the file, or null where there is none. */
  static JsonNode idOf(JsonNode line) {
    return Objects.requireNonNullElse(line.get("id"), NullNode.instance);
  }

  static BatchLine of(JsonNode line) {
    if (!line.isObject()) {
      throw new UserMistake("not a JSON object");
    }
    JsonNode id = idOf(line);
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw new UserMistake("id must be a text or a whole number");
    }
    try {
      return READER.readValue(line);
    } catch (JsonProcessingException e) {
      throw new UserMistake(describe(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the names of our classes, which Jackson's own messages have. */
  private static String describe(JsonProcessingException failure) {
    return switch (failure) {
      case UnrecognizedPropertyException e -> e.getPropertyName() + ": there is no such field; there are "
          + e.getKnownPropertyIds().stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
      case MismatchedInputException e -> path(e) + ": expected " + type(e.getTargetType());
      case JsonMappingException e when e.getCause() instanceof InputCoercionException number ->
          path(e) + ": expected " + type(number.getTargetType());
      default -> failure.getOriginalMessage();
    };
  }

  private static String path(JsonMappingException failure) {
    return failure.getPath().stream()
        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining());
  }

  private static String type(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == Double.class) {
      return "a number";
    }
    return Collection.class.isAssignableFrom(type) ? "a list of texts" : "a whole number that is not too large";
  }

  /**
   * What is asked.
   *
   * @param folder what relative paths of pictures start from
   * @param timeout how long the answer may take; null for as long as it needs
   */
  Question question(Path folder, @Nullable Duration timeout) {
    if ((prompt == null) == (rawPrompt == null)) {
      throw new UserMistake("a request needs either prompt or rawPrompt");
    }
    requireTexts("images", images);
    requireTexts("stop", stop);
    List<Path> files = images == null ? List.of() : images.stream().map(folder::resolve).toList();
    Sampling greedy = Sampling.GREEDY;
    Sampling sampling = new Sampling(
        or(temperature, greedy.temperature()),
        or(topK, greedy.topK()),
        or(topP, greedy.topP()),
        or(minP, greedy.minP()),
        or(repetitionPenalty, greedy.repetitionPenalty()),
        or(frequencyPenalty, greedy.frequencyPenalty()),
        or(presencePenalty, greedy.presencePenalty()),
        or(seed, greedy.seed()));
    return new Question(
        files, prompt, rawPrompt, sampling, or(maxTokens, AnswerOptions.MAX_TOKENS), or(stop, List.of()),
        Detail.of(or(detail, Detail.AUTO.toString())), timeout);
  }

  private static void requireTexts(String name, @Nullable List<String> values) {
    if (values != null && values.stream().anyMatch(Objects::isNull)) {
      throw new UserMistake(name + " must hold texts, not null");
    }
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
