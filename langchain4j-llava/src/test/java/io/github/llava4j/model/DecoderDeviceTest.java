package io.github.llava4j.model;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.select.Backends;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The decoder on a device of TornadoVM: long runs, and what a cold start compiles. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class DecoderDeviceTest {

  private static final Logger LOG = LoggerFactory.getLogger(DecoderDeviceTest.class);
  private static final int TOKENS = 1000;
  private static final int LAYERS = 32;
  private static final int FIRST_KERNELS = 19;
  private static final int ALL_KERNELS = 28;
  private static final int VOCABULARY = 64;

  private final Map<String, Tensor> tensors = TinyReference.tensors();

  @Test
  void aThousandTokensDoNotDrift() {
    Decoder decoder = Decoder.of(TinyReference.config(false).decoder(), tensors::get, Set.of());
    Limits limits = new Limits(8, 1, TOKENS + 8);
    try (Backend cpu = Backends.open("scalar", 1); Compiled expected = cpu.compile(decoder.program(), limits);
        Backend device = Backends.open("tornado", 1); Compiled actual = device.compile(decoder.program(), limits)) {
      int token = 1;
      double worst = 0;
      for (int position = 0; position < TOKENS; position++) {
        float[] ours = logits(decoder, actual, token, position);
        float[] theirs = logits(decoder, expected, token, position);
        for (int i = 0; i < VOCABULARY; i++) {
          worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
        }
        assertThat(argMax(ours)).as("token %d", position).isEqualTo(argMax(theirs));
        token = argMax(theirs);
      }
      LOG.info("{} tokens, largest difference of a logit {}", TOKENS, worst);
      assertThat(worst).isCloseTo(0, within(1e-3));
    }
  }

  /**
   * A JVM of its own, with an empty kernel cache: how many kernels TornadoVM compiles up to the first tokens, whatever
   * the number of layers, and that it compiles none later. How long that takes is logged.
   */
  @Test
  void thirtyTwoLayersCompileAsManyKernelsAsTwo(@TempDir Path folder) throws IOException, InterruptedException {
    List<String> two = coldStart(folder, 2);
    List<String> many = coldStart(folder, LAYERS);
    LOG.info("Cold start of {} layers: {}", LAYERS, many);
    assertThat(number(many, "first kernels")).as("kernels up to the first token")
        .isEqualTo(number(two, "first kernels")).isEqualTo(FIRST_KERNELS);
    assertThat(number(many, "second kernels")).as("kernels up to the second token, which is decoded by itself")
        .isEqualTo(number(two, "second kernels")).isEqualTo(ALL_KERNELS);
    assertThat(number(many, "later kernels")).as("kernels after more tokens and prompts of other lengths")
        .isEqualTo(ALL_KERNELS);
  }

  private static double number(List<String> report, String name) {
    return report.stream().filter(line -> line.startsWith(name + " = "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 3))).findFirst().orElseThrow();
  }

  private static List<String> coldStart(Path folder, int layers) throws IOException, InterruptedException {
    Path kernels = folder.resolve("kernels" + layers);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(
        "-Dtornado.printKernel=True", "-Dtornado.print.kernel.dir=" + kernels, "-cp",
        System.getProperty("java.class.path"), ColdStart.class.getName(), "" + layers, kernels.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("POCL_CACHE_DIR", Files.createDirectory(folder.resolve("cache" + layers)).toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> line.contains(" = ")).toList();
  }

  /** What runs in the other JVM. */
  static final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws IOException {
      Path kernels = Path.of(arguments[1]);
      Decoder decoder = decoder(Integer.parseInt(arguments[0]));
      try (Backend device = Backends.open("tornado", 1);
          Compiled compiled = device.compile(decoder.program(), new Limits(16, 1, 64))) {
        int token = greedy(decoder, compiled, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 0);
        report("first cpu", ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9);
        report(
            "first cpu of all threads",
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9);
        report("first uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
        report("first kernels", compiledKernels(kernels));
        token = greedy(decoder, compiled, new int[] {token}, 10);
        report("second kernels", compiledKernels(kernels));
        for (int position = 11; position < 21; position++) {
          token = greedy(decoder, compiled, new int[] {token}, position);
        }
        greedy(decoder, compiled, IntStream.range(1, 17).toArray(), 0);
        greedy(decoder, compiled, new int[] {1, 2, 3}, 16);
        report("later kernels", compiledKernels(kernels));
      }
    }

    private static Decoder decoder(int layers) {
      Map<String, Tensor> tensors = TinyReference.tensors();
      Function<String, Tensor> repeated = name -> tensors.get(name.replaceAll("blk\\.\\d*[02468]\\.", "blk.0.")
          .replaceAll("blk\\.\\d*[13579]\\.", "blk.1."));
      LlavaConfig.Decoder two = TinyReference.config(false).decoder();
      LlavaConfig.Decoder config = new LlavaConfig.Decoder(
          two.architecture(), two.hidden(), two.intermediate(), layers, two.heads(), two.kvHeads(), two.headDim(),
          two.vocabulary(), two.rmsEps(), two.ropeTheta(), two.maxPositions(), two.slidingWindow(), two.ropeLayout());
      return Decoder.of(config, repeated, Set.of());
    }

    private static int greedy(Decoder decoder, Compiled compiled, int[] tokens, int from) {
      int rows = tokens.length;
      Batch batch =
          new Batch(tokens, new int[rows], IntStream.range(from, from + rows).toArray(), new int[] {rows - 1});
      return (int) compiled.run(
          batch, Map.of(decoder.embeddings(), new float[rows * TinyReference.HIDDEN]), List.of(decoder.greedy()))
          .get(decoder.greedy())[0];
    }

    /** TornadoVM appends the text of each kernel that it compiles; the patterns are OpenCL's, CUDA's and PTX's. */
    private static long compiledKernels(Path file) throws IOException {
      return Pattern.compile("__kernel void|__global__ void|\\.entry ").matcher(Files.readString(file)).results()
          .count();
    }

    private static void report(String name, double value) {
      System.out.println(name + " = " + value);
    }
  }

  private static float[] logits(Decoder decoder, Compiled compiled, int token, int position) {
    return compiled.run(
        new Batch(new int[] {token}, new int[1], new int[] {position}, new int[1]),
        Map.of(decoder.embeddings(), new float[TinyReference.HIDDEN])).get(decoder.logits());
  }

  private static int argMax(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
