package io.github.llava4j.kernels;

import java.util.List;

/**
 * A forward pass as data: what a {@link Backend} compiles once and then only runs.
 *
 * @param inputs the buffers whose rows the caller gives
 * @param outputs the buffers whose rows the caller gets
 */
@Internal
public record Program(String name, List<Buffer> inputs, List<Buffer> outputs, List<Op> ops) {

  public Program {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    ops = List.copyOf(ops);
  }
}
