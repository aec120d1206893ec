package io.github.llava4j.demo.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.InsufficientMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A user's mistake is one line on stderr and exit code 2. */
class UserMistakesTest {

  private static final Path MODEL = Cli.model("next-vicuna");
  private static final Path PHOTO = Cli.picture("next-vicuna", "photo_200x150");

  @TempDir
  private static Path folder;

  static Stream<Arguments> mistakes() throws IOException {
    Path text = Files.writeString(folder.resolve("text.png"), "this is no picture");
    Path damaged = damagedModel();
    Path nowhere = folder.resolve("nowhere");
    return Stream.of(
        mistake("Missing required subcommand"),
        mistake("Unmatched argument", "paint"),
        mistake("--prompt", "describe", "--model", MODEL),
        mistake("mutually exclusive", "describe", "--model", MODEL, "--prompt", "What?", "--raw-prompt", "What?"),
        describe("--colour", "--colour", "red"),
        describe("max-tokens", "--max-tokens", "many"),
        describe("maxTokens", "--max-tokens", "0"),
        describe("temperature", "--temperature", "-1"),
        describe("topP", "--top-p", "0"),
        describe("low, high or auto", "--detail", "medium"),
        describe("should be specified only once", "--seed", "1", "--seed", "2"),
        describe("--timeout must be", "--timeout", "0"),
        describe("--timeout must be", "--timeout", "NaN"),
        describe("threads", "--threads", "-1"),
        describe("trained for", "--context", "99999"),
        describe("there is no backend \"gpu\"", "--backend", "gpu"),
        describe("nowhere", "--image", nowhere),
        describe("text.png", "--image", text),
        describe("the context has 32", "--context", "32", "--image", PHOTO),
        describe("nowhere", "--mmproj", nowhere),
        describe("text.png: is no folder", "--trace", text),
        mistake("nowhere", "describe", "--model", nowhere, "--prompt", "What?"),
        mistake("text.png", "describe", "--model", text, "--prompt", "What?"),
        mistake("model.safetensors", "describe", "--model", damaged, "--prompt", "What?"),
        mistake("1 image marks for 0 pictures", "describe", "--model", MODEL, "--raw-prompt", "<image>"),
        mistake("nowhere", "batch", "--model", MODEL, "--requests", nowhere),
        mistake("nowhere", "batch", "--model", MODEL, "--requests", text, "--out", nowhere.resolve("x")),
        mistake("--timeout must be", "batch", "--model", MODEL, "--requests", text, "--timeout", "-1"),
        mistake("nowhere", "serve", "--model", nowhere, "--port", "0"),
        mistake("there is no backend", "serve", "--model", MODEL, "--port", "0", "--backend", "gpu"),
        mistake("between 0 and 65535", "serve", "--model", MODEL, "--port", "99999"),
        mistake("no such address", "serve", "--model", MODEL, "--host", "no.such.host.invalid"),
        mistake("threads", "serve", "--model", MODEL, "--threads", "-1"),
        mistake("cannot listen on 192.0.2.1", "serve", "--model", MODEL, "--port", "0", "--host", "192.0.2.1"),
        mistake("PATH", "inspect"),
        mistake("nowhere", "inspect", nowhere),
        mistake("at least 1", "bench", "--model", MODEL, "-r", "0"),
        mistake("trained for", "bench", "--model", MODEL, "-p", "99999"),
        mistake("there is no backend", "bench", "--model", MODEL, "--backend", "gpu"),
        mistake("no model \"gpt\"", "synth", "--like", "gpt", "--out", folder),
        mistake("q8_0", "synth", "--like", "llava-v1.5-7b", "--type", "q9", "--out", folder),
        mistake("--layers", "synth", "--like", "llava-v1.5-7b", "--layers", "0", "--out", folder),
        mistake("are free", "synth", "--like", "llava-v1.5-7b", "--layers", "99999", "--out", folder),
        mistake("--goldens", "fidelity", "--goldens", nowhere));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isOneLineAndExitCode2(String what, Object[] args) {
    Cli.Result result = Cli.run(args);

    assertThat(result.err()).contains(what).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void helpIsNoMistake() {
    Cli.Result result = Cli.run("describe", "--help");

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("--model", "--raw-prompt", "--trace");
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new IllegalStateException("first\n  second"), 1,
            "first second (start java with -Dllava4j.debug=true to see where)"),
        Arguments.of(new EngineException("the device has too little memory"), 2, "the device has too little memory"),
        Arguments.of(new EngineTimeoutException("no answer within 1 s"), 1, "no answer within 1 s"),
        Arguments.of(new OutOfMemoryError("Java heap space"), 1, "out of memory; start java with a larger -Xmx"),
        Arguments.of(new InsufficientMemoryException("not enough heap to decode a.png"), 1,
            "not enough heap to decode a.png; start java with a larger -Xmx"),
        Arguments.of(new InsufficientMemoryException("not enough heap: start java with a larger -Xmx"), 1,
            "not enough heap: start java with a larger -Xmx"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureIsOneLineAndSaysWhoseItIs(Throwable failure, int code, String line) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Terminal(System.out, new PrintStream(err, true, StandardCharsets.UTF_8), false);

    assertThat(Failures.report(failure, terminal)).isEqualTo(code);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualToIgnoringNewLines("llava4j: " + line);
  }

  private static Arguments mistake(String what, Object... args) {
    return Arguments.of(what, args);
  }

  private static Arguments describe(String what, Object... options) {
    return Arguments.of(
        what,
        Stream.concat(Stream.of("describe", "--model", MODEL, "--prompt", "What?"), Stream.of(options)).toArray());
  }

  private static Path damagedModel() throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("damaged"));
    try (Stream<Path> files = Files.list(MODEL)) {
      for (Path file : files.toList()) {
        Files.copy(file, damaged.resolve(file.getFileName()));
      }
    }
    Path weights = damaged.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    return damaged;
  }
}
