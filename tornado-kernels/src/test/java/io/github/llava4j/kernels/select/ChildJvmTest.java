package io.github.llava4j.kernels.select;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import io.github.llava4j.kernels.Backend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is chosen, and what is said about it, in JVMs as people start them. */
class ChildJvmTest {

  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String MARK = "-Dtornado.load.runtime.implementation=none";

  /** How a JVM ended. */
  private record Outcome(String out, String err) {
    /** What the probe said. */
    List<String> said() {
      return out.lines().filter(line -> line.startsWith("said: ")).map(line -> line.substring(6)).toList();
    }
  }

  /** Runs {@link Probe} with {@code arguments}: flags of the JVM, then the name of a backend. */
  private static Outcome java(boolean logging, List<String> flags, String backend) throws IOException, InterruptedException {
    String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("tornado-api"))
        .filter(entry -> logging || !Path.of(entry).getFileName().toString().startsWith("logback"))
        .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, Probe.class.getName(), backend));
    Path errors = Files.createTempFile("probe", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    String err = Files.readString(errors);
    Files.delete(errors);
    assertThat(status).as("%s%n%s%n%s", command, out, err).isZero();
    return new Outcome(out, err);
  }

  @Test
  void withoutTornadoVmNothingThatNeedsItIsLoaded() throws Exception {
    Outcome named = java(true, List.of("-Xlog:class+load"), "tornado:h200");
    assertThat(named.said()).containsExactly(
        "BackendUnavailableException the tornado backend needs TornadoVM: start with java @$TORNADOVM_HOME/tornado-argfile"
            + " -Dtornado.recover.bailout=False ... (see docs/gpu.md)",
        "no devices: this JVM was not started with TornadoVM's argfile (see docs/gpu.md)");
    Outcome auto = java(true, List.of("-Xlog:class+load", MODULE), "auto");
    assertThat(auto.said().getFirst()).isEqualTo("vector");
    for (Outcome outcome : List.of(named, auto)) {
      assertThat(outcome.out()).doesNotContain("uk.ac.manchester.tornado")
          .doesNotContain("io.github.llava4j.kernels.tornado");
    }
  }

  @Test
  void withoutTheModuleScalarRunsAndTheFlagIsNamed() throws Exception {
    Outcome outcome = java(false, List.of(), "auto");
    assertThat(outcome.said().getFirst()).isEqualTo("scalar");
    assertThat(ours(outcome.err())).singleElement().asString()
        .startsWith("llava4j: answers take many times longer than they could")
        .endsWith("add the JVM flag --add-modules jdk.incubator.vector");
    assertThat(java(false, List.of(), "vector").said().getFirst()).startsWith("BackendUnavailableException")
        .endsWith("add the JVM flag --add-modules jdk.incubator.vector");
  }

  /** As mvn spring-boot:run starts an application: whoever mends the one finds the other next, unless both are said. */
  @Test
  void withoutTheModuleAndWithoutC2BothRemediesAreNamed() throws Exception {
    Outcome outcome = java(false, List.of("-XX:TieredStopAtLevel=1"), "auto");
    assertThat(outcome.said().getFirst()).isEqualTo("scalar");
    assertThat(ours(outcome.err())).singleElement().asString()
        .contains("--add-modules jdk.incubator.vector", "-Dspring-boot.run.optimizedLaunch=false");
  }

  /** The flags that spring-boot:run and IDEs set, and their kin. */
  @ParameterizedTest
  @CsvSource({
    "-XX:TieredStopAtLevel=1, -Dspring-boot.run.optimizedLaunch=false",
    "-XX:TieredStopAtLevel=2, remove -XX:TieredStopAtLevel=2",
    "-XX:TieredStopAtLevel=0, remove -XX:TieredStopAtLevel=0",
    "-XX:CompilationMode=quick-only, remove -XX:CompilationMode=quick-only",
    "-Xint, remove -Xint"
  })
  void withoutC2ScalarRunsAndTheRemedyIsNamed(String flag, String remedy) throws Exception {
    Outcome outcome = java(false, List.of(MODULE, flag), "auto");
    assertThat(outcome.said().getFirst()).isEqualTo("scalar");
    assertThat(ours(outcome.err())).singleElement().asString().contains(flag).contains(remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:-TieredCompilation", "-Xcomp", "-XX:TieredStopAtLevel=4", "-XX:MaxVectorSize=16",
    "--limit-modules=java.base,jdk.incubator.vector"})
  void withC2VectorRunsAndNothingIsSaid(String flag) throws Exception {
    Outcome outcome = java(false, List.of(MODULE, flag), "auto");
    assertThat(outcome.said().getFirst()).isEqualTo("vector");
    assertThat(ours(outcome.err())).isEmpty();
  }

  /** Who asks for it by name gets it, and is told. */
  @Test
  void vectorByNameRunsWithoutC2() throws Exception {
    Outcome outcome = java(false, List.of(MODULE, "-XX:TieredStopAtLevel=1"), "vector");
    assertThat(outcome.said().getFirst()).isEqualTo("vector");
    assertThat(ours(outcome.err())).singleElement().asString().contains("optimizedLaunch=false");
  }

  @Test
  void vectorsThatAreTooNarrowAreNotUsed() throws Exception {
    Outcome outcome = java(false, List.of(MODULE, "-XX:MaxVectorSize=8"), "auto");
    assertThat(outcome.said().getFirst()).isEqualTo("scalar");
    assertThat(ours(outcome.err())).singleElement().asString().contains("this JVM has 64");
    assertThat(java(false, List.of(MODULE, "-XX:MaxVectorSize=8"), "vector").said().getFirst())
        .startsWith("BackendUnavailableException the vector backend cannot run");
  }

  /** With a logging provider the line is a warning, and standard error is left alone. */
  @Test
  void whereThereIsALogTheLineGoesThere() throws Exception {
    Outcome outcome = java(true, List.of(MODULE, "-XX:TieredStopAtLevel=1"), "auto");
    assertThat(outcome.err()).doesNotContain("llava4j");
    assertThat(outcome.out().lines().filter(line -> line.contains("WARN"))).singleElement().asString()
        .contains("optimizedLaunch=false");
  }

  /** The argfile's mark, but no bailout flag, or no TornadoVM behind it: auto says why and goes on, a name fails. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "-Dx=1 | needs the JVM flag -Dtornado.recover.bailout=False",
    "-Dtornado.recover.bailout=False | TornadoVM finds no device"
  })
  void aBrokenTornadoVmStopsOnlyWhoAsksForIt(String flag, String reason) throws Exception {
    List<String> flags = List.of(MODULE, MARK, flag);
    Outcome auto = java(true, flags, "auto");
    assertThat(auto.said().getFirst()).isEqualTo("vector");
    assertThat(auto.said().getLast()).startsWith("no devices: ").contains(reason);
    assertThat(auto.out().lines().filter(line -> line.contains("INFO")).toList()).anyMatch(line -> line.contains(reason));
    assertThat(java(true, flags, "tornado").said().getFirst()).startsWith("BackendUnavailableException").contains(reason);
  }

  private static List<String> ours(String err) {
    return err.lines().filter(line -> line.startsWith("llava4j")).toList();
  }

  /** What runs in the other JVM. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      try (Backend backend = Backends.open(arguments[0], 1)) {
        System.out.println("said: " + backend.id());
      } catch (UnsupportedOperationException e) {
        System.out.println("said: " + e.getClass().getSimpleName() + " " + e.getMessage());
      }
      System.out.println("said: " + String.join("\n", Backends.devices()));
    }
  }
}
