package io.github.llava4j.kernels.select;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.github.llava4j.kernels.select.Machine.Accelerator;
import io.github.llava4j.kernels.select.Machine.Compiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is chosen on machines that are not at hand. */
class LadderTest {

  private static final long MINI = 30L << 20;
  private static final long SEVEN_B = 7L << 30;
  private static final Accelerator GPU = new Accelerator("0:1", "H100, GPU", true, 80L << 30);
  private static final Accelerator CPU = new Accelerator("0:0", "PoCL, CPU", false, 20L << 30);

  private static Machine machine(Compiler compiler, int bits, Accelerator... accelerators) {
    return new Machine(
        "OpenJDK 64-Bit Server VM", compiler, "", bits > 0, bits, accelerators.length > 0, List.of(accelerators),
        Optional.empty());
  }

  private static Candidate best(Machine machine, long weights) {
    return Ladder.of(machine, weights).getFirst();
  }

  private static Candidate find(Machine machine, long weights, String name) {
    return Ladder.of(machine, weights).stream().filter(candidate -> candidate.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aGpuIsForLargeModels() {
    Machine machine = machine(Compiler.C2, 256, CPU, GPU);
    assertThat(best(machine, SEVEN_B).name()).isEqualTo("tornado:0:1");
    assertThat(best(machine, Backends.UNKNOWN_SIZE).name()).isEqualTo("tornado:0:1");
    assertThat(best(machine, Ladder.GPU_WEIGHTS).name()).isEqualTo("tornado:0:1");
    assertThat(best(machine, Ladder.GPU_WEIGHTS - 1).name()).isEqualTo("vector");
    assertThat(best(machine, MINI).name()).isEqualTo("vector");
    assertThat(find(machine, MINI, "tornado:0:1").reason()).contains("30 MiB").contains("from 512 MiB");
  }

  @Test
  void aGpuThatIsFullIsPassedOver() {
    Machine machine = machine(Compiler.C2, 256, new Accelerator("0:0", "small, GPU", true, 6L << 30));
    assertThat(best(machine, SEVEN_B).name()).isEqualTo("vector");
    assertThat(find(machine, SEVEN_B, "tornado:0:0").line()).contains("7168 MiB").contains("6144 MiB are free");
  }

  @Test
  void aCpuThroughTornadoVmIsNeverChosen() {
    for (Compiler compiler : Compiler.values()) {
      for (int bits : new int[] {0, 512}) {
        assertThat(best(machine(compiler, bits, CPU), SEVEN_B).name()).isIn("vector", "scalar");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compiler.class, mode = EnumSource.Mode.EXCLUDE, names = "C2")
  void vectorIsOnlyForC2(Compiler compiler) {
    Machine machine = machine(compiler, 512);
    assertThat(best(machine, SEVEN_B).name()).isEqualTo("scalar");
    Candidate vector = find(machine, SEVEN_B, "vector");
    assertThat(vector.usable()).isTrue();
    assertThat(vector.remedy()).isPresent();
    assertThat(best(machine(Compiler.C2, 512), MINI).name()).isEqualTo("vector");
  }

  /** 1024 bits as SVE may have them: a block of Q4_0 is shorter than such a vector. */
  @ParameterizedTest
  @CsvSource({"64, scalar", "128, vector", "256, vector", "512, vector", "1024, scalar", "2048, scalar"})
  void widthsOfVectors(int bits, String best) {
    Machine machine = machine(Compiler.C2, bits);
    assertThat(best(machine, SEVEN_B).name()).isEqualTo(best);
    assertThat(find(machine, SEVEN_B, "vector").usable()).isEqualTo(best.equals("vector"));
  }

  @ParameterizedTest
  @CsvSource({
    "OpenJDK 64-Bit Server VM, 'mixed mode, sharing', '', C2",
    "OpenJDK 64-Bit Server VM, 'mixed mode, emulated-client, sharing', '', C1",
    "OpenJDK 64-Bit Server VM, 'interpreted mode, sharing', '', NONE",
    "OpenJDK Client VM, mixed mode, '', C1",
    "Java HotSpot(TM) 64-Bit Server VM, 'mixed mode, sharing', false, C2",
    "Java HotSpot(TM) 64-Bit Server VM, 'mixed mode, sharing', true, JVMCI",
    "Eclipse OpenJ9 VM, 'JRE 25 Linux amd64 (JIT enabled, AOT enabled)', '', OTHER",
    "Substrate VM, static mode, '', OTHER"
  })
  void knowsCompilersByWhatVirtualMachinesSay(String vm, String mode, String jvmci, Compiler compiler) {
    assertThat(Machine.compiler(vm, mode, flag -> flag.equals("UseJVMCICompiler") ? jvmci : "")).isEqualTo(compiler);
  }

  @Test
  void everyCandidateSaysOneSentence() {
    for (Compiler compiler : Compiler.values()) {
      for (int bits : new int[] {0, 64, 256}) {
        for (Accelerator[] accelerators : new Accelerator[][] {{}, {CPU, GPU}}) {
          List<Candidate> ladder = Ladder.of(machine(compiler, bits, accelerators), MINI);
          assertThat(ladder).extracting(Candidate::name).contains("scalar", "vector").doesNotHaveDuplicates();
          assertThat(ladder).allSatisfy(candidate -> assertThat(candidate.line()).doesNotContain("\n").hasSizeGreaterThan(20));
          double[] speeds = ladder.stream().mapToDouble(Candidate::speed).toArray();
          double[] sorted = Arrays.stream(speeds).map(s -> -s).sorted().map(s -> -s).toArray();
          assertThat(speeds).containsExactly(sorted);
        }
      }
    }
  }

  @Test
  void theLadderOfThisMachineIsOpenToAll() {
    assertThat(Backends.candidates()).extracting(Candidate::name).contains("scalar", "vector");
  }
}
