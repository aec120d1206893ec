package io.github.llava4j.kernels.tornado;

import java.util.List;

import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.DeviceMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is given back when a compilation fails, and the limits of the host. */
class MemoryPoolTest {

  private static final long MIB = 1 << 20;

  @Test
  void theHostsCopiesCountTogether() {
    Device device = new EmulatedDevice(1L << 31, 1L << 40, 5 * MIB);
    TornadoBackend backend = new TornadoBackend(device, null);
    try (Compiled first = backend.compile(MemoryTest.program("vision tower"), MemoryTest.LIMITS)) {
      assertThatThrownBy(() -> backend.compile(MemoryTest.program("decoder"), MemoryTest.LIMITS))
          .isInstanceOf(DeviceMemoryException.class)
          .hasMessageContaining("decoder needs 4 MiB of the direct memory").hasMessageContaining("MaxDirectMemorySize");
      MemoryTest.run(first);
    }
    assertThat(device.memory().held()).isZero();
    assertThat(device.hostMemory().held()).isZero();
    backend.compile(MemoryTest.program("decoder"), MemoryTest.LIMITS).close();
  }

  /** What a device refuses halfway leaves nothing behind. */
  @Test
  void aFailedCompilationGivesBackWhatItTook() {
    EmulatedDevice works = new EmulatedDevice(1L << 31, 5 * MIB);
    for (RuntimeException failure : List.of(new DeviceException("lost"), new IllegalStateException("a bug"))) {
      TornadoBackend fails = new TornadoBackend(new Failing(works, failure), null);
      assertThatThrownBy(() -> fails.compile(MemoryTest.program("decoder"), MemoryTest.LIMITS)).isSameAs(failure);
      assertThat(works.memory().held()).isZero();
      assertThat(works.hostMemory().held()).isZero();
    }
    TornadoBackend full = new TornadoBackend(new Failing(works, new OutOfMemoryError("Cannot reserve 9 bytes")), null);
    assertThatThrownBy(() -> full.compile(MemoryTest.program("decoder"), MemoryTest.LIMITS)).isInstanceOf(DeviceMemoryException.class)
        .hasMessageContaining("Cannot reserve 9 bytes").hasMessageContaining("MaxDirectMemorySize");
    try (Compiled compiled = new TornadoBackend(works, null).compile(MemoryTest.program("decoder"), MemoryTest.LIMITS)) {
      MemoryTest.run(compiled);
    }
  }

  /** A device that fails when the arrays are to be uploaded. */
  private record Failing(EmulatedDevice works, Throwable failure) implements Device {
    @Override
    public String describe() {
      return works.describe();
    }

    @Override
    public long largestArray() {
      return works.largestArray();
    }

    @Override
    public MemoryPool memory() {
      return works.memory();
    }

    @Override
    public MemoryPool hostMemory() {
      return works.hostMemory();
    }

    @Override
    public Runner prepare(
      String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read) {
      if (failure instanceof Error e) {
        throw e;
      }
      throw (RuntimeException) failure;
    }
  }

  @Test
  void anArrayMayBeTooLargeByItself() {
    assertThatThrownBy(() -> new TornadoBackend(new EmulatedDevice(1000, 1 << 30), null).compile(MemoryTest.program("p"), MemoryTest.LIMITS))
        .isInstanceOf(DeviceMemoryException.class).hasMessageContaining("the device allows 976");
  }

  @ParameterizedTest
  @CsvSource({"1000, 1000", "64k, 65536", "3M, 3145728", "48g, 51539607552", "1T, 1099511627776"})
  void readsTheSizesOfTheJvm(String text, long bytes) {
    assertThat(MemoryPool.size(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "'\u001b[31m[WARNING] No OpenCL platforms found. Deoptimizing to sequential execution.\u001b[0m'"
        + " | No OpenCL platforms found",
    "'two\nlines' | two"
  })
  void saysWhatTornadoVmSaysWithoutColoursAndUntruths(String message, String sentence) {
    assertThat(Causes.sentence(new ExceptionInInitializerError(new IllegalStateException(message)))).isEqualTo(sentence);
  }
}
