package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Products of rows with a matrix. {@code mode} is a sum of {@link #BIAS}, {@link #ACCUMULATE} and, where a kernel has
 * no parameter for them, {@link #EXTENT} times the count of the batch that the input has rows for and {@link #FORMAT} times
 * the format of the matrix.
 */
public final class Linear {

  public static final int BIAS = 1;
  public static final int ACCUMULATE = 2;
  public static final int EXTENT = 4;
  public static final int FORMAT = 16;

  /** Work items that share one dot product of {@link #matVec}, {@link #gatedMatVec} and {@link #projectionsMatVec}. */
  public static final int LANES = 64;

  /** Rows and outputs of a tile of {@link #matMul}; each of its work items owns a square of {@link #SQUARE}. */
  public static final int TILE = 64;
  public static final int SQUARE = 4;
  public static final int TILE_LANES = TILE / SQUARE * (TILE / SQUARE);

  private static final int DEPTH = 32;
  /** One more than the tile, so that the lanes of a group write to different banks of local memory. */
  private static final int PITCH = TILE + 1;

  private Linear() {}

  /**
   * For few rows, where reading the matrix is what takes time: a group of {@link #LANES} computes one value of the
   * result.
   *
   * @param extent which count of the batch {@code x} has rows for
   * @param x [count, columns]
   * @param floats see {@link Packed}
   * @param out [count, outputs]
   */
  public static void matVec(
      KernelContext context, IntArray batch, IntArray marks, int extent, FloatArray x, FloatArray floats, IntArray ints,
      FloatArray bias, FloatArray out, int format, int columns, int outputs, int stride, int mode) {
    int count = batch.get(extent);
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    // Neighbouring groups read the same row of the matrix.
    int row = context.groupIdx % count;
    int output = context.groupIdx / count;
    float[] sums = context.allocateFloatLocalArray(LANES);
    float sum = 0f;
    for (int word = lane; word < stride; word += LANES) {
      sum += Packed.dot(format, floats, ints, layer * outputs + output, stride, word, x, row * columns);
    }
    sums[lane] = sum;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        sums[lane] += sums[lane + half];
      }
      context.localBarrier();
    }
    if (lane == 0) {
      float value = sums[0];
      if ((mode & BIAS) != 0) {
        value += bias.get(layer * outputs + output);
      }
      int at = row * outputs + output;
      if ((mode & ACCUMULATE) != 0) {
        value += out.get(at);
      }
      out.set(at, value);
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.MAT_VEC);
  }

  /**
   * Two matrices of one shape and format on the same few rows: out = function(gate * x) * (up * x), the first half of a
   * gated feed-forward block.
   */
  public static void gatedMatVec(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray gateFloats, IntArray gateInts,
      FloatArray upFloats, IntArray upInts, FloatArray out, int format, int columns, int outputs, int stride,
      int function) {
    int count = batch.get(BatchLayout.ROWS);
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    int row = context.groupIdx % count;
    int output = context.groupIdx / count;
    float[] gates = context.allocateFloatLocalArray(LANES);
    float[] ups = context.allocateFloatLocalArray(LANES);
    float gate = 0f;
    float up = 0f;
    for (int word = lane; word < stride; word += LANES) {
      gate += Packed.dot(format, gateFloats, gateInts, layer * outputs + output, stride, word, x, row * columns);
      up += Packed.dot(format, upFloats, upInts, layer * outputs + output, stride, word, x, row * columns);
    }
    gates[lane] = gate;
    ups[lane] = up;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        gates[lane] += gates[lane + half];
        ups[lane] += ups[lane + half];
      }
      context.localBarrier();
    }
    if (lane == 0) {
      out.set(row * outputs + output, Elementwise.apply(function, gates[0]) * ups[0]);
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.GATED_MAT_VEC);
  }

  /**
   * Queries, keys and values of the same few rows: a group computes the output of its number of each, so that the input
   * is read once for all three. The three matrices lie on top of one another.
   *
   * @param floats [layers, queries + 2 * keys, columns]
   * @param bias [layers, queries + 2 * keys]
   * @param query [rows, queries]
   * @param key [rows, keys]
   * @param value [rows, keys]
   * @param keys at most as many as {@code queries}
   */
  public static void projectionsMatVec(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray floats, IntArray ints,
      FloatArray bias, FloatArray query, FloatArray key, FloatArray value, int columns, int queries, int keys,
      int stride, int mode) {
    int count = batch.get(BatchLayout.ROWS);
    int format = mode / FORMAT;
    int first = batch.get(BatchLayout.LAYER) * (queries + 2 * keys);
    int lane = context.localIdx;
    int row = context.groupIdx % count;
    int output = context.groupIdx / count;
    float[] querySums = context.allocateFloatLocalArray(LANES);
    float[] keySums = context.allocateFloatLocalArray(LANES);
    float[] valueSums = context.allocateFloatLocalArray(LANES);
    int queryRow = first + output;
    int keyRow = first + queries + output;
    float q = 0f;
    float k = 0f;
    float v = 0f;
    for (int word = lane; word < stride; word += LANES) {
      q += Packed.dot(format, floats, ints, queryRow, stride, word, x, row * columns);
      // Models whose queries share keys have fewer of these.
      if (output < keys) {
        k += Packed.dot(format, floats, ints, keyRow, stride, word, x, row * columns);
        v += Packed.dot(format, floats, ints, keyRow + keys, stride, word, x, row * columns);
      }
    }
    querySums[lane] = q;
    keySums[lane] = k;
    valueSums[lane] = v;
    context.localBarrier();
    for (int half = LANES / 2; half > 0; half = half / 2) {
      if (lane < half) {
        querySums[lane] += querySums[lane + half];
        keySums[lane] += keySums[lane + half];
        valueSums[lane] += valueSums[lane + half];
      }
      context.localBarrier();
    }
    if (lane == 0) {
      float queryBias = 0f;
      float keyBias = 0f;
      float valueBias = 0f;
      if ((mode & BIAS) != 0) {
        queryBias = bias.get(queryRow);
        if (output < keys) {
          keyBias = bias.get(keyRow);
          valueBias = bias.get(keyRow + keys);
        }
      }
      query.set(row * queries + output, querySums[0] + queryBias);
      if (output < keys) {
        key.set(row * keys + output, keySums[0] + keyBias);
        value.set(row * keys + output, valueSums[0] + valueBias);
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.PROJECTIONS_MAT_VEC);
  }

  /**
   * For many rows, where arithmetic is what takes time: a group computes a tile of {@link #TILE} rows and outputs from
   * slices that it first unpacks into local memory, so that each weight is unpacked once for all rows of the tile.
   *
   * @param floats [layers, outputs + 2 * others, columns]: one matrix, or three on top of one another
   * @param out [count, outputs]
   * @param second [count, others]; unused if there are none
   * @param third likewise
   * @param others 0 for one matrix
   */
  public static void matMul(
      KernelContext context, IntArray batch, IntArray marks, FloatArray x, FloatArray floats, IntArray ints,
      FloatArray bias, FloatArray out, FloatArray second, FloatArray third, int columns, int outputs, int others,
      int stride, int mode) {
    int count = batch.get((mode / EXTENT) & 3);
    int format = mode / FORMAT;
    int all = outputs + 2 * others;
    int layer = batch.get(BatchLayout.LAYER);
    int lane = context.localIdx;
    int tilesAcross = (all + TILE - 1) / TILE;
    int firstRow = context.groupIdx / tilesAcross * TILE;
    int firstOutput = context.groupIdx % tilesAcross * TILE;
    int rowInTile = lane / (TILE / SQUARE) * SQUARE;
    int outputInTile = lane % (TILE / SQUARE) * SQUARE;
    float[] xs = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] weights = context.allocateFloatLocalArray(DEPTH * PITCH);
    float[] sums = new float[SQUARE * SQUARE];
    for (int i = 0; i < SQUARE * SQUARE; i++) {
      sums[i] = 0f;
    }
    for (int from = 0; from < columns; from += DEPTH) {
      for (int i = lane; i < TILE * DEPTH; i += TILE_LANES) {
        int column = from + i % DEPTH;
        int line = i / DEPTH;
        int row = firstRow + line;
        int output = firstOutput + line;
        float xValue = 0f;
        float weight = 0f;
        if (column < columns && row < count) {
          xValue = x.get(row * columns + column);
        }
        if (column < columns && output < all) {
          weight = Packed.value(format, floats, ints, layer * all + output, stride, column);
        }
        xs[i % DEPTH * PITCH + line] = xValue;
        weights[i % DEPTH * PITCH + line] = weight;
      }
      context.localBarrier();
      // A bound that is no constant keeps TornadoVM from unrolling this loop times the two within.
      int depth = columns - from < DEPTH ? columns - from : DEPTH;
      for (int k = 0; k < depth; k++) {
        for (int r = 0; r < SQUARE; r++) {
          float xValue = xs[k * PITCH + rowInTile + r];
          for (int o = 0; o < SQUARE; o++) {
            sums[r * SQUARE + o] += xValue * weights[k * PITCH + outputInTile + o];
          }
        }
      }
      context.localBarrier();
    }
    for (int i = 0; i < SQUARE * SQUARE; i++) {
      int row = firstRow + rowInTile + i / SQUARE;
      int output = firstOutput + outputInTile + i % SQUARE;
      if (row < count && output < all) {
        float value = sums[i];
        if ((mode & BIAS) != 0) {
          value += bias.get(layer * all + output);
        }
        if (output < outputs) {
          int at = row * outputs + output;
          if ((mode & ACCUMULATE) != 0) {
            value += out.get(at);
          }
          out.set(at, value);
        } else if (output < outputs + others) {
          second.set(row * others + output - outputs, value);
        } else {
          third.set(row * others + output - outputs - others, value);
        }
      }
    }
    Marks.leave(context.globalIdx, batch, marks, Marks.MAT_MUL);
  }
}
