package io.github.llava4j.kernels.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.cpu.KvStore;
import io.github.llava4j.kernels.cpu.KvStores;
import io.github.llava4j.kernels.cpu.Workers;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * Prints how fast the kernels are at the sizes of a 7B model; no test, run by hand: {@code KernelBench [threads] [what
 * ...]} with what of matvec, transposed, gemm, attention, small. Medians of short runs; with one thread it is the
 * thread's CPU time that counts, which says something on a busy machine, too.
 */
final class KernelBench {

  private static final int OUTPUTS = 11008;
  private static final int INPUTS = 4096;
  private static final DType[] TYPES = {
    DType.F32, DType.F16, DType.BF16, DType.Q8_0, DType.Q4_0, DType.Q4_K, DType.Q6_K, DType.Q5_0
  };

  private final Random random = new Random(1);
  private final VectorKernels kernels;
  private final Arena arena = Arena.ofShared();

  private final boolean cpuTime;

  private KernelBench(Workers workers) {
    cpuTime = workers.size() == 1;
    kernels = new VectorKernels(workers);
  }

  public static void main(String[] args) {
    int threads = args.length > 0 ? Integer.parseInt(args[0]) : Runtime.getRuntime().availableProcessors();
    var what = args.length > 1
        ? Arrays.asList(args).subList(1, args.length)
        : Arrays.asList("matvec", "transposed", "gemm", "attention", "small");
    try (Workers workers = new Workers(threads)) {
      KernelBench bench = new KernelBench(workers);
      for (String which : what) {
        switch (which) {
          case "matvec" -> bench.matVec(Tensor.Layout.ROW_MAJOR, TYPES);
          case "transposed" -> bench.matVec(Tensor.Layout.TRANSPOSED, DType.F32, DType.F16, DType.BF16);
          case "gemm" -> bench.gemm();
          case "attention" -> bench.attention();
          case "small" -> bench.small();
          default -> throw new IllegalArgumentException(which);
        }
      }
    }
  }

  private void matVec(Tensor.Layout layout, DType... types) {
    for (DType type : types) {
      Tensor weight = weight(type, OUTPUTS, INPUTS, layout);
      for (int rows : new int[] {1, 4}) {
        float[] in = Reference.random(rows * INPUTS, random);
        float[] out = new float[rows * OUTPUTS];
        double seconds = median(40, () -> kernels.prepare(weight).multiply(in, rows, null, false, out));
        System.out.printf(
            "matvec %s %s rows %d: %.1f GB/s, %.1f GFLOP/s%n", type, layout, rows,
            weight.data().byteSize() / seconds * 1e-9, 2e-9 * rows * OUTPUTS * INPUTS / seconds);
      }
    }
  }

  private void gemm() {
    for (DType type : TYPES) {
      gemm(weight(type, INPUTS, INPUTS, Tensor.Layout.ROW_MAJOR), 12, 16, 64, 512);
    }
    gemm(weight(DType.F32, INPUTS, INPUTS, Tensor.Layout.TRANSPOSED), 16, 512);
    gemm(weight(DType.F16, 1024, 1024, Tensor.Layout.ROW_MAJOR), 577);
    gemm(weight(DType.F16, 4096, 1024, Tensor.Layout.ROW_MAJOR), 577);
    gemm(weight(DType.F16, 1024, 4096, Tensor.Layout.ROW_MAJOR), 577);
  }

  private void gemm(Tensor weight, int... sizes) {
    for (int rows : sizes) {
      float[] in = Reference.random(rows * weight.columns(), random);
      float[] out = new float[rows * weight.rows()];
      double seconds = median(rows > 100 ? 9 : 25, () -> kernels.prepare(weight).multiply(in, rows, null, false, out));
      System.out.printf("gemm %s rows %d: %.1f GFLOP/s%n", weight, rows, 2e-9 * rows * weight.count() / seconds);
    }
  }

  private void attention() {
    int heads = 16;
    int headDim = 64;
    float[][] qkv = new float[3][];
    Arrays.setAll(qkv, i -> Reference.random(577 * heads * headDim, random));
    float[] out = new float[577 * heads * headDim];
    int[] slots = new int[577];
    double seconds = median(
        15, () -> kernels.selfAttention(qkv[0], qkv[1], qkv[2], 577, slots, heads, heads * headDim, out));
    System.out.printf(
        "self-attention 577 x 16 x 64: %.2f ms, %.1f GFLOP/s%n", seconds * 1e3,
        4e-9 * 577 * 577 * heads * headDim / seconds);
    for (int context : new int[] {512, 2880}) {
      cached(context, 512);
      cached(context, 1);
    }
  }

  private void cached(int context, int rows) {
    int heads = 32;
    int headDim = 128;
    int width = heads * headDim;
    float[] row = Reference.random(width, random);
    float[] query = Reference.random(rows * width, random);
    float[] out = new float[rows * width];
    int[] positions = IntStream.range(context - rows, context).toArray();
    try (KvStore cache = KvStores.create(new KvCache("kv", 1, heads, headDim), 1, context, KvType.F32)) {
      for (int p = 0; p < context; p++) {
        KvStores.store(cache, 0, 0, p, row, row, 0);
      }
      double seconds = median(
          15, () -> kernels.cachedAttention(query, rows, new int[rows], positions, cache, 0, heads, 0, out));
      double pairs = IntStream.of(positions).mapToDouble(p -> p + 1).sum();
      System.out.printf(
          "cached attention 32 x 128, %d rows to %d: %.2f ms, %.1f GFLOP/s, %.1f GB/s%n", rows, context, seconds * 1e3,
          4e-9 * pairs * width / seconds, 8e-9 * context * width / seconds);
    }
  }

  private void small() {
    int count = 577 * 4096;
    float[] x = Reference.random(count, random);
    float[] up = Reference.random(count, random);
    for (Op.Activation function : Op.Activation.values()) {
      double seconds = median(15, () -> kernels.activate(function, x, count));
      System.out.printf("%s 577 x 4096: %.2f ms%n", function, seconds * 1e3);
    }
    System.out.printf(
        "gate 577 x 4096: %.2f ms%n", 1e3 * median(15, () -> kernels.gate(Op.Activation.SILU, x, up, count)));
    float[] scale = Reference.random(4096, random);
    float[] out = new float[count];
    System.out.printf(
        "rmsNorm 577 x 4096: %.2f ms%n", 1e3 * median(15, () -> kernels.rmsNorm(x, 577, scale, 1e-5f, out)));
    System.out.printf(
        "layerNorm 577 x 4096: %.2f ms%n",
        1e3 * median(15, () -> kernels.layerNorm(x, 577, scale, scale, 1e-5f, out)));
    float[] angles = Reference.random(577 * 64, random);
    for (Op.RopeLayout layout : Op.RopeLayout.values()) {
      System.out.printf(
          "rope %s 577 x 32 x 128: %.2f ms%n", layout,
          1e3 * median(15, () -> kernels.rope(x, 577, 32, 128, angles, angles, layout)));
    }
    System.out.printf("rmsNorm 1 x 4096: %.1f us%n", 1e6 * median(200, () -> kernels.rmsNorm(x, 1, scale, 1e-5f, out)));
  }

  /** A weight of blocks that repeat every few rows: enough for timing. */
  private Tensor weight(DType type, int rows, int columns, Tensor.Layout layout) {
    try (Arena own = Arena.ofConfined()) {
      MemorySegment some = Reference.weight(type, 8, columns, Tensor.Layout.ROW_MAJOR, random, own).tensor().data();
      MemorySegment data = arena.allocate(type.bytes((long) rows * columns), 64);
      for (long at = 0; at < data.byteSize(); at += some.byteSize()) {
        MemorySegment.copy(some, ValueLayout.JAVA_BYTE, 0, data, ValueLayout.JAVA_BYTE, at, some.byteSize());
      }
      return new Tensor(type + "", type, new int[] {rows, columns}, layout, data);
    }
  }

  private double median(int runs, Runnable run) {
    long until = now() + 200_000_000;
    do {
      run.run();
    } while (now() < until);
    double[] seconds = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = now();
      run.run();
      seconds[i] = (now() - start) * 1e-9;
    }
    Arrays.sort(seconds);
    return seconds[runs / 2];
  }

  private long now() {
    return cpuTime ? ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() : System.nanoTime();
  }
}
