package io.github.llava4j.kernels.select;

import java.util.List;

import io.github.llava4j.kernels.tornado.TornadoBackend;

/** The one class of this package that knows TornadoVM's devices: loaded only where TornadoVM is. */
final class TornadoProbe {

  private TornadoProbe() {}

  /** @throws UnsupportedOperationException if there is none; the message says why */
  static List<Machine.Accelerator> accelerators() {
    return TornadoBackend.devices().stream()
        .map(device -> new Machine.Accelerator(
            device.selector(), device.description(), device.gpu(), device.freeBytes()))
        .toList();
  }
}
