package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Writes to the cache of keys and values, [layers, slots, context, width] each. */
public final class KeyValues {

  private KeyValues() {}

  /** Puts each row's key and value at its slot and position. One work item per value. */
  public static void store(
      KernelContext context, IntArray batch, IntArray marks, int capacity, FloatArray key, FloatArray value,
      FloatArray keys, FloatArray values, int width, int slots, int positions) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.ROWS) * width) {
      int row = i / width;
      int slot = batch.get(BatchLayout.slots(capacity) + row);
      int position = batch.get(BatchLayout.positions(capacity) + row);
      int to = ((batch.get(BatchLayout.LAYER) * slots + slot) * positions + position) * width + i % width;
      keys.set(to, key.get(i));
      values.set(to, value.get(i));
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.STORE_KV);
  }

  /**
   * Rotates queries and keys as {@link Elementwise#rope} does, and stores the keys and their values. One work item per
   * pair of a query or key.
   *
   * @param rotations see {@link Elementwise#rope}
   * @param headAndPairs the size of a head times 2, plus 1 for interleaved pairs
   */
  public static void rotateAndStore(
      KernelContext context, IntArray batch, IntArray marks, int capacity, FloatArray query, FloatArray key,
      FloatArray value, FloatArray keys, FloatArray values, FloatArray rotations, int heads, int kvHeads,
      int headAndPairs, int slots, int positions) {
    int i = context.globalIdx;
    int headDim = headAndPairs / 2;
    int interleaved = headAndPairs & 1;
    int half = headDim / 2;
    int all = heads + kvHeads;
    if (i < batch.get(BatchLayout.ROWS) * all * half) {
      int pair = i % half;
      int head = i / half % all;
      int row = i / half / all;
      int position = batch.get(BatchLayout.positions(capacity) + row);
      int first = interleaved == 1 ? 2 * pair : pair;
      int second = interleaved == 1 ? first + 1 : first + half;
      float c = rotations.get(position * headDim + pair);
      float s = rotations.get(position * headDim + half + pair);
      if (head < heads) {
        int at = (row * heads + head) * headDim;
        float a = query.get(at + first);
        float b = query.get(at + second);
        query.set(at + first, a * c - b * s);
        query.set(at + second, b * c + a * s);
      } else {
        int at = (row * kvHeads + head - heads) * headDim;
        float a = key.get(at + first);
        float b = key.get(at + second);
        float rotatedA = a * c - b * s;
        float rotatedB = b * c + a * s;
        key.set(at + first, rotatedA);
        key.set(at + second, rotatedB);
        int slot = batch.get(BatchLayout.slots(capacity) + row);
        int to = (((batch.get(BatchLayout.LAYER) * slots + slot) * positions + position) * kvHeads + head - heads)
            * headDim;
        keys.set(to + first, rotatedA);
        keys.set(to + second, rotatedB);
        values.set(to + first, value.get(at + first));
        values.set(to + second, value.get(at + second));
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ROTATE_AND_STORE);
  }

  /** Copies the first positions of one slot to another in each layer. One work item per value of a layer. */
  public static void copy(
      KernelContext context, IntArray batch, IntArray marks, FloatArray keys, FloatArray values, int layers,
      int width, int slots, int positions) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.COPY_LENGTH) * width) {
      for (int layer = 0; layer < layers; layer++) {
        int from = (layer * slots + batch.get(BatchLayout.COPY_FROM)) * positions * width + i;
        int to = (layer * slots + batch.get(BatchLayout.COPY_TO)) * positions * width + i;
        keys.set(to, keys.get(from));
        values.set(to, values.get(from));
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.COPY_SLOT);
  }
}
