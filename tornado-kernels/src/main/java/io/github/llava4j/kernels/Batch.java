package io.github.llava4j.kernels;

/**
 * What one run works on. Row {@code r} is (token or given embedding, sequence slot, position): prefill is many rows of
 * one slot, decode one row of each running slot, and a vision tower sees each tile as a slot and each patch as a
 * position.
 *
 * @param tokens token id of each row, or -1 where the row is given as an embedding; empty if the program embeds none
 * @param slots which sequence each row belongs to; the rows of one slot are adjacent
 * @param positions position within the sequence, ascending within a slot
 * @param outputs indices of the rows whose results are wanted, ascending
 */
@Internal
public record Batch(int[] tokens, int[] slots, int[] positions, int[] outputs) {

  public Batch {
    if (slots.length == 0 || positions.length != slots.length || tokens.length != 0 && tokens.length != slots.length) {
      throw new IllegalArgumentException(
          "a batch needs as many positions (" + positions.length + ") and tokens (" + tokens.length + ") as slots ("
              + slots.length + "), at least one");
    }
  }

  /** How many rows. */
  public int rows() {
    return slots.length;
  }

  /** One more than the largest slot number. */
  public int slotCount() {
    int max = 0;
    for (int slot : slots) {
      max = Math.max(max, slot);
    }
    return max + 1;
  }

  /** Rows of {@code extent} in this run. */
  public int count(Buffer.Extent extent) {
    return switch (extent) {
      case ROWS -> rows();
      case OUTPUTS -> outputs.length;
      case SLOTS -> slotCount();
    };
  }
}
