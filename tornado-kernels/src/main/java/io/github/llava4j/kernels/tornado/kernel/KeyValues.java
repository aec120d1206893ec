package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Writes to the cache of keys and values, [layers, slots, context, width] each. */
public final class KeyValues {

  private KeyValues() {}

  /** Puts each row's key and value at its slot and position. One work item per value. */
  public static void store(
      KernelContext context, IntArray batch, int capacity, FloatArray key, FloatArray value, FloatArray keys,
      FloatArray values, int width, int slots, int positions) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.ROWS) * width) {
      int row = i / width;
      int slot = batch.get(BatchLayout.slots(capacity) + row);
      int position = batch.get(BatchLayout.positions(capacity) + row);
      int to = ((batch.get(BatchLayout.LAYER) * slots + slot) * positions + position) * width + i % width;
      keys.set(to, key.get(i));
      values.set(to, value.get(i));
    }
  }

  /** Copies the first positions of one slot to another in each layer. One work item per value of a layer. */
  public static void copy(
      KernelContext context, IntArray batch, FloatArray keys, FloatArray values, int layers, int width, int slots,
      int positions) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.COPY_LENGTH) * width) {
      for (int layer = 0; layer < layers; layer++) {
        int from = (layer * slots + batch.get(BatchLayout.COPY_FROM)) * positions * width + i;
        int to = (layer * slots + batch.get(BatchLayout.COPY_TO)) * positions * width + i;
        keys.set(to, keys.get(from));
        values.set(to, values.get(from));
      }
    }
  }
}
