package io.github.llava4j.kernels;

import java.util.List;
import java.util.Map;

/**
 * The largest run that a compiled program must take.
 *
 * @param rows rows of a batch
 * @param slots sequences that live at the same time
 * @param context positions of a sequence
 */
@Internal
public record Limits(int rows, int slots, int context) {

  public Limits {
    if (rows < 1 || slots < 1 || context < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: rows " + rows + ", slots " + slots + ", context " + context);
    }
  }

  /**
   * Checks what a run is given.
   *
   * @param inputs rows of each input buffer of {@code program}
   * @param wanted outputs of {@code program}
   * @throws IllegalArgumentException if the batch exceeds these limits, an input is missing or too short, or a wanted
   *     buffer is no output
   */
  public void check(Program program, Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
    for (Buffer output : wanted) {
      if (!program.outputs().contains(output)) {
        throw new IllegalArgumentException(program.name() + ": " + output.name() + " is no output");
      }
    }
    if (batch.rows() > rows) {
      throw new IllegalArgumentException(program.name() + ": " + batch.rows() + " rows exceed the limit of " + rows);
    }
    for (int row = 0; row < batch.rows(); row++) {
      int slot = batch.slots()[row];
      int position = batch.positions()[row];
      if (slot < 0 || slot >= slots || position < 0 || position >= context) {
        throw new IllegalArgumentException(
            program.name() + ": row " + row + " is at slot " + slot + ", position " + position + ", beyond " + this);
      }
    }
    for (Buffer input : program.inputs()) {
      float[] given = inputs.get(input);
      int needed = batch.count(input.extent()) * input.width();
      if (given == null || given.length < needed) {
        throw new IllegalArgumentException(
            program.name() + ": input " + input.name() + " needs " + needed + " values, not "
                + (given == null ? "none" : given.length));
      }
    }
  }
}
