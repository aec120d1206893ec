package io.github.llava4j.kernels.tornado;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** No kernel contains what TornadoVM miscompiles, and each rule notices an example. */
class KernelSourceTest {

  private static final Path KERNELS = Path.of("src/main/java/io/github/llava4j/kernels/tornado/kernel");

  static Stream<Path> kernels() throws IOException {
    return Files.list(KERNELS).filter(file -> !file.endsWith("package-info.java"));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsKeepTheRules(Path file) throws IOException {
    assertThat(KernelSource.violations(Files.readString(file))).isEmpty();
  }

  /** TornadoVM reads the names of local variables; javac writes them with -g only. */
  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsHaveTheirDebugTables(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".java", ".class");
    try (InputStream in = Launch.class.getResourceAsStream("kernel/" + name)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)).contains("LocalVariableTable");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "int a = (x >>> 3) & 7;",
    "int a = x >> 3;",
    "int a = (x >> 3) + 1;",
    "float a = (float) ((x & 15) - 8);",
    "for (int i = 0; i < 3; i++) { a = a + 1; break; }",
    "if (x > 3) { return; }",
    "float a = Math.exp(x);",
    "float a = Float.intBitsToFloat(x);",
    "boolean a = x > 3;",
    "for (@Parallel int i = 0; i < x; i++) { }",
    "float[] a = new float[x];",
    "int[] a = new int[3];",
    "float[] a = context.allocateFloatLocalArray(context.localGroupSizeX);",
    "float[] a = context.allocateFloatLocalArray(64); sum(a);",
    "float a = Float.NEGATIVE_INFINITY;",
    "context.atomicAdd(counts, 0, 1);"
  })
  void rulesNoticeViolations(String statement) {
    String source =
        "final class K {\n  public static void k(KernelContext context, int x) {\n    " + statement + "\n  }\n}\n";
    assertThat(KernelSource.violations(source)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "private static final float[] TABLE = {1f, 2f};",
    "private static float f(float x) { if (x < 0f) { return 0f; } return x; }",
    "public static void half(KernelContext context) { }",
    "public static void k(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m,"
        + " int n, int o, int p) { }"
  })
  void rulesNoticeBadMembers(String member) {
    assertThat(KernelSource.violations("final class K {\n" + member + "\n}\n")).isNotEmpty();
  }
}
