package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;

import io.github.llava4j.kernels.cpu.KvStore;

/** Where {@link TiledAttention} finds keys and values. */
interface KeyValues {

  /** Copies {@code count} values of the key at {@code position}, from column {@code column} on. */
  void key(int position, int column, int count, float[] to, int at);

  /** Likewise of the value. */
  void value(int position, int column, int count, float[] to, int at);

  /** Those of one slot and layer of a cache. */
  static KeyValues of(KvStore cache, int layer, int slot) {
    KvRows rows = KvRows.of(cache.type());
    return new KeyValues() {
      @Override
      public void key(int position, int column, int count, float[] to, int at) {
        copy(cache.keys(layer, slot, position), position, column, count, to, at);
      }

      @Override
      public void value(int position, int column, int count, float[] to, int at) {
        copy(cache.values(layer, slot, position), position, column, count, to, at);
      }

      private void copy(MemorySegment block, int position, int column, int count, float[] to, int at) {
        long from = (long) (position % KvStore.BLOCK) * cache.width() + column;
        rows.copy(block, from * cache.type().bytes(), to, at, count);
      }
    };
  }

  /** Rows of the batch itself: position 0 is row {@code first}. */
  static KeyValues of(float[] keys, float[] values, int width, int first) {
    return new KeyValues() {
      @Override
      public void key(int position, int column, int count, float[] to, int at) {
        System.arraycopy(keys, (first + position) * width + column, to, at, count);
      }

      @Override
      public void value(int position, int column, int count, float[] to, int at) {
        System.arraycopy(values, (first + position) * width + column, to, at, count);
      }
    };
  }
}
