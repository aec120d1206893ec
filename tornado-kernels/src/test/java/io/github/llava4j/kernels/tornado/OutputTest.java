package io.github.llava4j.kernels.tornado;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/** Standard output is for answers: what others print while we call them goes elsewhere. */
@DisabledOnOs(OS.WINDOWS)
class OutputTest {

  @Test
  void javasAndTheCLibrarysOutputStaysOutOfStandardOutput() throws IOException, InterruptedException {
    Path errors = Files.createTempFile("output", ".err");
    Process process = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
        System.getProperty("java.class.path"), Probe.class.getName())).redirectError(errors.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    String err = Files.readString(errors);
    Files.delete(errors);
    List<String> lines = out.lines().toList();
    assertThat(lines).contains("before", "another thread", "within", "after", "puts after");
    assertThat(lines).filteredOn(line -> line.contains("Deoptimizing")).singleElement().asString()
        .as("as a line of the log, without colour").contains("INFO").doesNotContain("\u001b[31m");
    assertThat(out).doesNotContain("puts within");
    assertThat(err).contains("puts within");
  }

  /** What runs in the other JVM. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) throws InterruptedException {
      System.out.println("before");
      Console.quietly(() -> {
        System.out.println("\u001b[31m[WARNING] Deoptimizing\u001b[0m");
        Thread other = Thread.ofPlatform().start(() -> System.out.println("another thread"));
        try {
          other.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        System.out.print("half a line without an end");
        return null;
      });
      System.out.println("within");
      NativeOutput.toStandardError(() -> puts("puts within"));
      PrintStream out = System.out;
      out.println("after");
      puts("puts after");
    }

    @SuppressWarnings("restricted")
    private static int puts(String line) {
      Linker linker = Linker.nativeLinker();
      try (Arena arena = Arena.ofConfined()) {
        return (int) linker.downcallHandle(
            linker.defaultLookup().find("puts").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)).invoke(arena.allocateFrom(line));
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
