package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Softmax attention in one pass over the keys (Milakov and Gimelshein 2018, Dao et al. 2022): the largest score so far,
 * the sum of exponentials and the mixed values are corrected as better scores appear. Finite sentinels stand for minus
 * infinity, which devices may compile away.
 */
public final class Attention {

  /** Keys per group of {@link #chunk}, and its work items. */
  public static final int CHUNK = 128;

  /** Rows and keys of a tile of {@link #tiled}, and its work items. */
  public static final int QUERY_TILE = 16;
  public static final int TILE_LANES = 128;
  private static final int KEY_TILE = 32;
  private static final int LANES_PER_ROW = TILE_LANES / QUERY_TILE;

  /** The largest head that {@link #tiled} can hold in its registers. */
  public static final int MAX_HEAD_DIM = 128;

  private static final float LOWEST = -1e30f;

  private Attention() {}

  /**
   * For few rows: each group mixes the values of {@link #CHUNK} keys for one head of one row; {@link #combine} joins
   * the chunks.
   *
   * @param capacity see {@link BatchLayout}
   * @param keys cache [layers, slots, positions, kvHeads * headDim]
   * @param window how many of the latest positions are seen, 0 for all
   * @param partials [rows, heads, chunks, headDim + 2]: mixed values, largest score, sum of exponentials
   */
  public static void chunk(
      KernelContext context, IntArray batch, IntArray marks, int capacity, FloatArray query, FloatArray keys,
      FloatArray values, FloatArray partials, int heads, int kvHeads, int headDim, int window, int slots,
      int positions) {
    int chunks = batch.get(BatchLayout.CHUNKS);
    int lane = context.localIdx;
    int chunk = context.groupIdx % chunks;
    int head = context.groupIdx / chunks % heads;
    int row = context.groupIdx / chunks / heads;
    int width = kvHeads * headDim;
    int slot = batch.get(BatchLayout.slots(capacity) + row);
    int end = batch.get(BatchLayout.positions(capacity) + row) + 1;
    int start = 0;
    if (window > 0 && end > window) {
      start = end - window;
    }
    int from = chunk * CHUNK;
    if (from < start) {
      from = start;
    }
    int to = (chunk + 1) * CHUNK;
    if (to > end) {
      to = end;
    }
    int seen = to - from;
    int keyRow = (batch.get(BatchLayout.LAYER) * slots + slot) * positions + from;
    int base = keyRow * width + head / (heads / kvHeads) * headDim;
    float[] scaled = context.allocateFloatLocalArray(headDim);
    float[] scores = context.allocateFloatLocalArray(CHUNK);
    float scale = 1f / TornadoMath.sqrt((float) headDim);
    for (int d = lane; d < headDim; d += CHUNK) {
      scaled[d] = query.get((row * heads + head) * headDim + d) * scale;
    }
    context.localBarrier();
    if (lane < seen) {
      float score = 0f;
      for (int d = 0; d < headDim; d++) {
        score += scaled[d] * keys.get(base + lane * width + d);
      }
      scores[lane] = score;
    }
    context.localBarrier();
    float top = LOWEST;
    for (int k = 0; k < seen; k++) {
      top = TornadoMath.max(top, scores[k]);
    }
    context.localBarrier();
    if (lane < seen) {
      scores[lane] = TornadoMath.exp(scores[lane] - top);
    }
    context.localBarrier();
    float total = 0f;
    for (int k = 0; k < seen; k++) {
      total += scores[k];
    }
    int out = ((row * heads + head) * chunks + chunk) * (headDim + 2);
    for (int d = lane; d < headDim; d += CHUNK) {
      float mixed = 0f;
      for (int k = 0; k < seen; k++) {
        mixed += scores[k] * values.get(base + k * width + d);
      }
      partials.set(out + d, mixed);
    }
    if (lane == 0) {
      partials.set(out + headDim, top);
      partials.set(out + headDim + 1, total);
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ATTENTION_CHUNK);
  }

  /** Joins what {@link #chunk} left. One work item per value of {@code out}, [rows, heads * headDim]. */
  public static void combine(
      KernelContext context, IntArray batch, IntArray marks, FloatArray partials, FloatArray out, int heads,
      int headDim) {
    int i = context.globalIdx;
    if (i < batch.get(BatchLayout.ROWS) * heads * headDim) {
      int chunks = batch.get(BatchLayout.CHUNKS);
      int pitch = headDim + 2;
      int base = i / headDim * chunks * pitch;
      float top = LOWEST;
      for (int c = 0; c < chunks; c++) {
        top = TornadoMath.max(top, partials.get(base + c * pitch + headDim));
      }
      float total = 0f;
      float mixed = 0f;
      for (int c = 0; c < chunks; c++) {
        float weight = TornadoMath.exp(partials.get(base + c * pitch + headDim) - top);
        total += weight * partials.get(base + c * pitch + headDim + 1);
        mixed += weight * partials.get(base + c * pitch + i % headDim);
      }
      out.set(i, mixed / total);
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ATTENTION_COMBINE);
  }

  /**
   * For many rows: a group computes one head for up to {@link #QUERY_TILE} rows of one slot, tile of keys by tile.
   *
   * @param capacity see {@link BatchLayout}
   * @param keys the cache, or [rows, kvHeads * headDim] if {@code positions} is 0
   * @param window how many of the latest positions are seen, 0 for all
   * @param slots of the cache
   * @param positions of a slot of the cache, where a row sees what is not after it; 0 if each row sees all rows of its
   *     slot in the batch
   */
  public static void tiled(
      KernelContext context, IntArray batch, IntArray marks, int capacity, FloatArray query, FloatArray keys,
      FloatArray values, FloatArray out, int heads, int kvHeads, int headDim, int window, int slots, int positions) {
    int lane = context.localIdx;
    int head = context.groupIdx % heads;
    int tile = BatchLayout.tiles(capacity) + context.groupIdx / heads * BatchLayout.TILE;
    int firstRow = batch.get(tile);
    int rows = batch.get(tile + 1);
    int line = lane / LANES_PER_ROW;
    int part = lane % LANES_PER_ROW;
    int row = firstRow + (line < rows ? line : rows - 1);
    // What this row sees, and what some row of the tile sees.
    int start = 0;
    int end = batch.get(tile + 4);
    int tileStart = 0;
    int tileEnd = end;
    int keyRow = batch.get(tile + 3);
    if (positions > 0) {
      end = batch.get(BatchLayout.positions(capacity) + row) + 1;
      tileEnd = batch.get(BatchLayout.positions(capacity) + firstRow + rows - 1) + 1;
      int firstEnd = batch.get(BatchLayout.positions(capacity) + firstRow) + 1;
      keyRow = (batch.get(BatchLayout.LAYER) * slots + batch.get(tile + 2)) * positions;
      if (window > 0 && end > window) {
        start = end - window;
      }
      if (window > 0 && firstEnd > window) {
        tileStart = firstEnd - window;
      }
    }
    int width = kvHeads * headDim;
    int base = keyRow * width + head / (heads / kvHeads) * headDim;
    int pitch = headDim + 1;
    float[] queries = context.allocateFloatLocalArray(QUERY_TILE * (MAX_HEAD_DIM + 1));
    float[] cached = context.allocateFloatLocalArray(KEY_TILE * (MAX_HEAD_DIM + 1));
    float[] scores = context.allocateFloatLocalArray(QUERY_TILE * (KEY_TILE + 1));
    float[] mixed = new float[MAX_HEAD_DIM / LANES_PER_ROW];
    int parts = (headDim + LANES_PER_ROW - 1) / LANES_PER_ROW;
    for (int j = 0; j < parts; j++) {
      mixed[j] = 0f;
    }
    float scale = 1f / TornadoMath.sqrt((float) headDim);
    for (int i = lane; i < QUERY_TILE * headDim; i += TILE_LANES) {
      int from = firstRow + (i / headDim < rows ? i / headDim : rows - 1);
      queries[i / headDim * pitch + i % headDim] = query.get((from * heads + head) * headDim + i % headDim) * scale;
    }
    float top = LOWEST;
    float total = 0f;
    for (int from = tileStart; from < tileEnd; from += KEY_TILE) {
      int count = tileEnd - from < KEY_TILE ? tileEnd - from : KEY_TILE;
      for (int i = lane; i < count * headDim; i += TILE_LANES) {
        cached[i / headDim * pitch + i % headDim] = keys.get(base + (from + i / headDim) * width + i % headDim);
      }
      context.localBarrier();
      for (int k = part; k < count; k += LANES_PER_ROW) {
        float score = 0f;
        for (int d = 0; d < headDim; d++) {
          score += queries[line * pitch + d] * cached[k * pitch + d];
        }
        scores[line * (KEY_TILE + 1) + k] = from + k >= start && from + k < end ? score : LOWEST;
      }
      context.localBarrier();
      float before = top;
      for (int k = 0; k < count; k++) {
        top = TornadoMath.max(top, scores[line * (KEY_TILE + 1) + k]);
      }
      for (int i = lane; i < count * headDim; i += TILE_LANES) {
        cached[i / headDim * pitch + i % headDim] = values.get(base + (from + i / headDim) * width + i % headDim);
      }
      context.localBarrier();
      for (int k = part; k < count; k += LANES_PER_ROW) {
        float score = scores[line * (KEY_TILE + 1) + k];
        scores[line * (KEY_TILE + 1) + k] = score > LOWEST * 0.5f ? TornadoMath.exp(score - top) : 0f;
      }
      context.localBarrier();
      float correction = TornadoMath.exp(before - top);
      total = total * correction;
      for (int j = 0; j < parts; j++) {
        mixed[j] = mixed[j] * correction;
      }
      for (int k = 0; k < count; k++) {
        float weight = scores[line * (KEY_TILE + 1) + k];
        total += weight;
        for (int j = 0; j < parts; j++) {
          // Beyond the head's end this reads the padding column or the next key, and the result is not used.
          mixed[j] += weight * cached[k * pitch + part + j * LANES_PER_ROW];
        }
      }
      context.localBarrier();
    }
    for (int j = 0; j < parts; j++) {
      int d = part + j * LANES_PER_ROW;
      if (line < rows && d < headDim) {
        out.set((row * heads + head) * headDim + d, mixed[j] / total);
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.ATTENTION);
  }
}
