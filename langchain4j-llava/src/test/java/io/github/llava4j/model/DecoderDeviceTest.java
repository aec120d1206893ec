package io.github.llava4j.model;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;
import io.github.llava4j.checkpoint.LlavaConfig;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Backends;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The decoder on a device of TornadoVM: long runs, and how long a cold start takes. */
@EnabledIfSystemProperty(
    named = "tornado.load.runtime.implementation", matches = ".+", disabledReason = "TORNADOVM_HOME is not set")
class DecoderDeviceTest {

  private static final Logger LOG = LoggerFactory.getLogger(DecoderDeviceTest.class);
  private static final int TOKENS = 1000;
  private static final int LAYERS = 32;
  private static final int VOCABULARY = 64;

  private final Map<String, Tensor> tensors = TinyReference.tensors();

  @Test
  void aThousandTokensDoNotDrift() {
    Decoder decoder = Decoder.of(TinyReference.config(false).decoder(), tensors::get, false);
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

  /** Layers share their kernels: 32 of them start about as fast as two, and nothing is compiled a second time. */
  @Test
  void thirtyTwoLayersStartFast() {
    Function<String, Tensor> repeated = name -> tensors.get(name.replaceAll("blk\\.\\d*[02468]\\.", "blk.0.")
        .replaceAll("blk\\.\\d*[13579]\\.", "blk.1."));
    LlavaConfig.Decoder two = TinyReference.config(false).decoder();
    LlavaConfig.Decoder config = new LlavaConfig.Decoder(
        two.architecture(), two.hidden(), two.intermediate(), LAYERS, two.heads(), two.kvHeads(), two.headDim(),
        two.vocabulary(), two.rmsEps(), two.ropeTheta(), two.maxPositions(), two.slidingWindow(), two.ropeLayout());
    Decoder decoder = Decoder.of(config, repeated, false);
    OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpu = process.getProcessCpuTime();
    long start = System.nanoTime();
    try (Backend device = Backends.open("tornado", 1);
        Compiled compiled = device.compile(decoder.program(), new Limits(16, 1, 64))) {
      int[] prompt = IntStream.range(1, 11).toArray();
      compiled.run(
          new Batch(prompt, new int[10], IntStream.range(0, 10).toArray(), new int[] {9}),
          Map.of(decoder.embeddings(), new float[10 * TinyReference.HIDDEN]));
      double prefill = seconds(start);
      double prefillCpu = (process.getProcessCpuTime() - cpu) / 1e9;
      long compiling = System.nanoTime();
      logits(decoder, compiled, 11, 10);
      double first = seconds(compiling);
      long again = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        logits(decoder, compiled, 12 + i, 11 + i);
      }
      double later = seconds(again) / 10;
      LOG.info(
          "32 layers: first token after {} s ({} s of CPU), the second {} s later, then {} s per token", prefill,
          prefillCpu, first, later);
      // Time of the process, not of the clock: machines that run tests run other things, too.
      assertThat(prefillCpu).as("CPU seconds to the first token: 15 on each of two cores").isLessThan(30);
      assertThat(later).as("seconds per token once compiled").isLessThan(first / 3);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
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
