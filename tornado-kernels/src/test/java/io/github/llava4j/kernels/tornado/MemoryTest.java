package io.github.llava4j.kernels.tornado;

import java.util.List;
import java.util.Map;

import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.DeviceMemoryException;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.TestTensors;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.DType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** All programs of a device share its memory, and what one gives back another may take. */
class MemoryTest {

  private static final long MIB = 1 << 20;
  static final Limits LIMITS = new Limits(2, 1, 2);

  /** A device of that many bytes. */
  protected Device device(long bytes) {
    return new EmulatedDevice(1L << 31, bytes);
  }

  /** A matrix of 3 MiB and little else. */
  static Program program(String name) {
    Buffer in = new Buffer("in", 1024, Extent.ROWS);
    Buffer out = new Buffer("out", 768, Extent.ROWS);
    Weight weight = Weight.of(TestTensors.random("w", DType.F32, 1, 768, 1024));
    return new Program(name, List.of(in), List.of(out), List.of(new Op.MatMul(in, weight, null, false, out)));
  }

  static void run(Compiled compiled) {
    Batch batch = new Batch(new int[0], new int[1], new int[1], new int[] {0});
    assertThat(compiled.run(batch, Map.of(compiled.program().inputs().getFirst(), new float[1024]))).hasSize(1);
  }

  @Test
  void twoProgramsThatFitAloneAndNotTogether() {
    Device device = device(5 * MIB);
    // Two engines: each has a backend of its own.
    TornadoBackend one = new TornadoBackend(device, null);
    TornadoBackend two = new TornadoBackend(device, null);
    for (int round = 0; round < 3; round++) {
      try (Compiled first = one.compile(program("vision tower"), LIMITS)) {
        for (TornadoBackend backend : List.of(one, two)) {
          assertThatThrownBy(() -> backend.compile(program("decoder"), LIMITS))
              .isInstanceOf(DeviceMemoryException.class)
              .hasMessageMatching("decoder needs 4 MiB of .*, where 2 MiB of 5 MiB are free: choose a shorter context,"
                  + " fewer parallel sequences or a smaller quantisation");
        }
        run(first);
      }
      assertThat(device.memory().held()).isZero();
      try (Compiled second = two.compile(program("decoder"), LIMITS)) {
        run(second);
      }
    }
    assertThat(device.memory().held()).isZero();
  }
}
