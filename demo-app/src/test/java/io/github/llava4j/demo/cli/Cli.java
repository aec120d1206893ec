package io.github.llava4j.demo.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Runs commands in this JVM and keeps what they print. */
final class Cli {

  static final Path GOLDENS = Path.of("../langchain4j-llava/src/test/resources/goldens").toAbsolutePath().normalize();
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** What a command did. */
  record Result(int code, String out, String err) {

    JsonNode json() {
      return Cli.json(out);
    }

    List<JsonNode> lines() {
      return out.lines().map(Cli::json).toList();
    }
  }

  private Cli() {}

  static Result run(Object... args) {
    return run(args, false);
  }

  /** As if somebody watched stderr. */
  static Result runWatched(Object... args) {
    return run(args, true);
  }

  private static Result run(Object[] args, boolean interactive) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(stream(out), stream(err), interactive);
    int code = CommandLineApp.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new), terminal);
    terminal.out().flush();
    terminal.err().flush();
    return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Path model(String name) {
    return GOLDENS.resolve(name).resolve("model");
  }

  /** A picture as the reference saw it. */
  static Path picture(String name, String stem) {
    return GOLDENS.resolve(name).resolve("images/decoded").resolve(stem + ".png");
  }

  static JsonNode goldenRun(String name, String id) {
    return json(GOLDENS.resolve(name).resolve("expected/runs").resolve(id + ".json"));
  }

  static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static PrintStream stream(ByteArrayOutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }
}
