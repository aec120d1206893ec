package io.github.llava4j.kernels;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A JVM without TornadoVM loads nothing that needs it, and says what is missing in one line. */
class NoTornadoTest {

  @Test
  void nothingOfTornadoIsLoadedWithoutIt() throws IOException, InterruptedException {
    String separator = System.getProperty("path.separator");
    String classPath = Arrays.stream(System.getProperty("java.class.path").split(separator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("tornado-api"))
        .collect(Collectors.joining(separator));
    Process process = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:class+load", "-cp", classPath,
        Probe.class.getName())).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).doesNotContain("uk.ac.manchester.tornado").doesNotContain("io.github.llava4j.kernels.tornado");
    assertThat(output.lines().filter(line -> line.startsWith("said: ")).toList()).containsExactly(
        "said: the tornado backend needs TornadoVM: start with java @$TORNADOVM_HOME/tornado-argfile"
            + " -Dtornado.recover.bailout=False ... (see docs/gpu.md)",
        "said: no devices: this JVM was not started with TornadoVM's argfile (see docs/gpu.md)");
  }

  /** What runs in the other JVM. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] arguments) {
      Backends.open("scalar", 1).close();
      Backends.open("auto", 1).close();
      try {
        Backends.open("tornado:h200", 1);
      } catch (UnsupportedOperationException e) {
        System.out.println("said: " + e.getMessage());
      }
      System.out.println("said: " + String.join("\n", Backends.devices()));
    }
  }
}
