package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import io.github.llava4j.kernels.KvType;

/**
 * Reads keys and values of one type where they lie. One class for each type with the same loops: a vector that came out of
 * a call to one of several loads would be an object.
 */
interface KvRows {

  /** The inner product of {@code headDim} values of the query and of the key that starts at byte {@code at}. */
  float dot(float[] query, int queryAt, int headDim, MemorySegment keys, long at);

  /**
   * sums = sums * shrink + weights * values, two vectors of columns at a time over all positions.
   *
   * @param at first byte of the first position's value
   * @param stride bytes from one position to the next
   */
  void addValues(
      float[] weights, int count, MemorySegment values, long at, long stride, float shrink, float[] sums, int to,
      int headDim);

  /** Writes {@code count} values from byte {@code at} on as float32. */
  void copy(MemorySegment block, long at, float[] to, int toAt, int count);

  static KvRows of(KvType type) {
    return switch (type) {
      case F32 -> F32KvRows.INSTANCE;
      case F16 -> F16KvRows.INSTANCE;
    };
  }
}
