package io.github.llava4j.kernels.select;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.llava4j.kernels.vector.VectorWidth;

/**
 * What the choice of a backend depends on.
 *
 * @param vm name of the virtual machine
 * @param compiler what compiles hot code
 * @param compilerFlag the flag that keeps C2 away, if there is one
 * @param vectorModule whether the Vector API is there
 * @param vectorBits the width of a vector, 0 without the module
 * @param tornado whether this JVM was started with TornadoVM's argfile
 * @param accelerators what TornadoVM finds
 * @param noAccelerators why TornadoVM finds nothing
 */
record Machine(
    String vm, Compiler compiler, String compilerFlag, boolean vectorModule, int vectorBits, boolean tornado,
    List<Accelerator> accelerators, Optional<String> noAccelerators) {

  /** The module of the Vector API. */
  static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** Set by TornadoVM's argfile. Without it no class of kernels.tornado is touched, for its API is not there. */
  private static final String TORNADO_MARK = "tornado.load.runtime.implementation";

  /** What compiles hot code. */
  enum Compiler {
    /** HotSpot's optimising compiler, which alone turns the Vector API into vector instructions. */
    C2,
    /** HotSpot's quick compiler alone. */
    C1,
    /** None: bytecode is interpreted. */
    NONE,
    /** Graal or another compiler in C2's place. */
    JVMCI,
    /** A virtual machine of which we know nothing. */
    OTHER
  }

  /**
   * A device of TornadoVM.
   *
   * @param selector by which it is named, {@code backend:device}
   * @param description name, kind and memory
   * @param freeBytes its memory less what programs of this JVM hold
   */
  record Accelerator(String selector, String description, boolean gpu, long freeBytes) {}

  /** This one. */
  static Machine here() {
    String vm = System.getProperty("java.vm.name", "");
    String mode = System.getProperty("java.vm.info", "");
    boolean module = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    boolean tornado = launchedWithTornado();
    List<Accelerator> accelerators = List.of();
    Optional<String> none = Optional.empty();
    if (tornado) {
      try {
        accelerators = TornadoProbe.accelerators();
      } catch (UnsupportedOperationException e) {
        none = Optional.of(e.getMessage());
      }
    }
    return new Machine(
        vm, compiler(vm, mode, Machine::flag), compilerFlag(mode), module, module ? VectorWidth.bits() : 0,
        tornado, accelerators, none);
  }

  static boolean launchedWithTornado() {
    return System.getProperty(TORNADO_MARK) != null;
  }

  /**
   * @param vm value of {@code java.vm.name}
   * @param mode value of {@code java.vm.info}
   * @param flags values of HotSpot's flags, or nothing for those that there are not
   */
  static Compiler compiler(String vm, String mode, UnaryOperator<String> flags) {
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
      return Compiler.OTHER;
    }
    if (mode.contains("interpreted") || "0".equals(flags.apply("TieredStopAtLevel"))) {
      return Compiler.NONE;
    }
    if (Boolean.parseBoolean(flags.apply("UseJVMCICompiler"))) {
      return Compiler.JVMCI;
    }
    boolean stopped = "true".equals(flags.apply("TieredCompilation")) && "123".contains(flags.apply("TieredStopAtLevel"))
        && !flags.apply("TieredStopAtLevel").isEmpty();
    // "emulated-client" is what HotSpot calls itself where flags leave the simplest compilation alone.
    boolean client = mode.contains("client") || vm.contains("Client VM") || vm.contains("Minimal VM");
    return stopped || client ? Compiler.C1 : Compiler.C2;
  }

  private static String compilerFlag(String mode) {
    if (mode.contains("interpreted")) {
      return "-Xint";
    }
    String level = flag("TieredStopAtLevel");
    if (!level.isEmpty() && !level.equals("4")) {
      return "-XX:TieredStopAtLevel=" + level;
    }
    String kind = flag("CompilationMode");
    return kind.isEmpty() || kind.equals("default") || kind.startsWith("high-only") ? "" : "-XX:CompilationMode=" + kind;
  }

  /** The value of one of HotSpot's flags, or nothing if this JVM does not have it or does not tell. */
  private static String flag(String name) {
    try {
      HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return flags == null ? "" : flags.getVMOption(name).getValue();
    } catch (IllegalArgumentException | LinkageError e) {
      // No such flag; or a run-time image without jdk.management.
      return "";
    }
  }
}
