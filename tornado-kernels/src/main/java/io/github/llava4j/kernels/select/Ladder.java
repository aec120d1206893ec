package io.github.llava4j.kernels.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All backends for one model on one {@link Machine}, the fastest first. The figures behind it are in docs/performance.md. */
final class Ladder {

  /**
   * Smaller models are slower on a GPU: TornadoVM spends 0.4 ms of host time per layer and token, 15 ms for 32 layers, in
   * which two cores read 270 MB of weights and many cores twice that; and it compiles for 8 s before the first answer.
   */
  static final long GPU_WEIGHTS = 512L << 20;

  static final String NEEDS_TORNADO = "start with java @$TORNADOVM_HOME/tornado-argfile"
      + " -Dtornado.recover.bailout=False ... (see docs/gpu.md)";

  private static final double GPU = 100;
  private static final double VECTOR = 10;
  private static final double SCALAR = 1;
  private static final double SMALL_ON_GPU = 0.2;
  private static final double VECTOR_WITHOUT_C2 = 0.02;
  /** Never the first: scalar is always usable. */
  private static final double NOT_BY_ITSELF = 0;

  private Ladder() {}

  /** @param weightBytes size of the model's weights, or {@link Backends#UNKNOWN_SIZE} */
  static List<Candidate> of(Machine machine, long weightBytes) {
    List<Candidate> all = new ArrayList<>(tornado(machine, weightBytes));
    all.add(vector(machine));
    all.add(Candidate.usable("scalar", SCALAR, "plain Java, which runs everywhere"));
    all.sort(Comparator.comparingDouble(Candidate::speed).reversed());
    return all;
  }

  private static List<Candidate> tornado(Machine machine, long weightBytes) {
    if (!machine.tornado()) {
      return List.of(Candidate.missing("tornado", "this JVM was not started with TornadoVM's argfile", NEEDS_TORNADO));
    }
    if (machine.noAccelerators().isPresent()) {
      return List.of(Candidate.missing("tornado", machine.noAccelerators().get(), "see docs/gpu.md"));
    }
    return machine.accelerators().stream().map(device -> tornado(device, weightBytes)).toList();
  }

  private static Candidate tornado(Machine.Accelerator device, long weightBytes) {
    String name = "tornado:" + device.selector();
    if (!device.gpu()) {
      return Candidate.usable(
          name, NOT_BY_ITSELF, device.description() + ": no GPU, and on a CPU the vector backend is many times faster");
    }
    if (weightBytes > device.freeBytes()) {
      return Candidate.slow(
          name, NOT_BY_ITSELF, device.description() + ": the weights take " + mib(weightBytes) + ", and "
              + mib(device.freeBytes()) + " are free", "choose a smaller quantisation");
    }
    if (weightBytes != Backends.UNKNOWN_SIZE && weightBytes < GPU_WEIGHTS) {
      return Candidate.usable(
          name, SMALL_ON_GPU, device.description() + ": a model of " + mib(weightBytes)
              + " is answered faster by a CPU, a GPU pays from " + mib(GPU_WEIGHTS) + " of weights on");
    }
    return Candidate.usable(name, GPU, device.description());
  }

  private static Candidate vector(Machine machine) {
    String name = "vector";
    if (!machine.vectorModule()) {
      return Candidate.missing(name, "the Vector API is not there", "add the JVM flag --add-modules "
          + Machine.VECTOR_MODULE + (machine.compiler() == Machine.Compiler.C1 ? ", and " + withC2(machine) : ""));
    }
    int bits = machine.vectorBits();
    if (bits < 128 || bits > 512) {
      return Candidate.missing(
          name, "it runs with vectors of 128 to 512 bits, and this JVM has " + bits, "change -XX:MaxVectorSize if it is set");
    }
    String flag = machine.compilerFlag().isEmpty() ? machine.vm() : machine.compilerFlag();
    String slow = ", so each vector is an object, many times slower than plain Java";
    return switch (machine.compiler()) {
      case C2 -> Candidate.usable(name, VECTOR, "the Vector API with " + bits + " bits, compiled by C2");
      case C1 -> Candidate.slow(name, VECTOR_WITHOUT_C2, "this JVM runs without C2 (" + flag + ")" + slow, withC2(machine));
      case NONE -> Candidate.slow(
          name, VECTOR_WITHOUT_C2, "this JVM only interprets (" + flag + ")" + slow, "remove " + flag);
      case JVMCI -> Candidate.slow(name, VECTOR_WITHOUT_C2,
          "this JVM runs another compiler in C2's place (-XX:+UseJVMCICompiler), and only C2 is known to make the Vector API"
              + " fast", "set -XX:-UseJVMCICompiler");
      case OTHER -> Candidate.slow(
          name, VECTOR_WITHOUT_C2, "this JVM has no C2 (" + machine.vm() + ")" + slow, "use a JVM with HotSpot");
    };
  }

  /** How to get C2 where somebody has left it out to start faster. */
  private static String withC2(Machine machine) {
    return "with mvn spring-boot:run set -Dspring-boot.run.optimizedLaunch=false; in an IDE's run configuration remove "
        + (machine.compilerFlag().isEmpty() ? "what keeps C2 away" : machine.compilerFlag())
        + " (IntelliJ IDEA: \"Disable launch optimization\")";
  }

  private static String mib(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
