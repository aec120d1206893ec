package io.github.llava4j.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.github.llava4j.kernels.AbortFlag;
import io.github.llava4j.kernels.KvCache;

/**
 * Keys and values of past positions outside the Java heap, in blocks of {@link #BLOCK} positions that are allocated when
 * they are first written, so that a long context costs memory only once it is used.
 */
public final class KvStore implements AutoCloseable {

  /** Positions per block. */
  public static final int BLOCK = 128;

  private static final long ALIGNMENT = 64;

  private final KvCache shape;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment[][][] keys;
  private final MemorySegment[][][] values;

  KvStore(KvCache shape, int slots, int context) {
    this.shape = shape;
    int blocks = (context + BLOCK - 1) / BLOCK;
    keys = new MemorySegment[shape.layers()][slots][blocks];
    values = new MemorySegment[shape.layers()][slots][blocks];
  }

  public int kvHeads() {
    return shape.kvHeads();
  }

  public int headDim() {
    return shape.headDim();
  }

  /** Values per position. */
  public int width() {
    return shape.width();
  }

  /** The block of keys that holds {@code position}: [BLOCK, width] float32, row {@code position % BLOCK}. */
  public MemorySegment keys(int layer, int slot, int position) {
    return keys[layer][slot][position / BLOCK];
  }

  /** The block of values that holds {@code position}. */
  public MemorySegment values(int layer, int slot, int position) {
    return values[layer][slot][position / BLOCK];
  }

  void store(int layer, int slot, int position, float[] key, float[] value, int offset) {
    int block = position / BLOCK;
    long at = (long) (position % BLOCK) * width();
    if (keys[layer][slot][block] == null) {
      keys[layer][slot][block] = allocate();
      values[layer][slot][block] = allocate();
    }
    MemorySegment.copy(key, offset, keys[layer][slot][block], ValueLayout.JAVA_FLOAT, at * Float.BYTES, width());
    MemorySegment.copy(value, offset, values[layer][slot][block], ValueLayout.JAVA_FLOAT, at * Float.BYTES, width());
  }

  void copySlot(int from, int to, int length, AbortFlag abort) {
    for (int layer = 0; layer < keys.length; layer++) {
      for (int block = 0; block * BLOCK < length; block++) {
        abort.check();
        copyBlock(keys[layer], from, to, block);
        copyBlock(values[layer], from, to, block);
      }
    }
  }

  private void copyBlock(MemorySegment[][] slots, int from, int to, int block) {
    if (slots[to][block] == null) {
      slots[to][block] = allocate();
    }
    slots[to][block].copyFrom(slots[from][block]);
  }

  private MemorySegment allocate() {
    return arena.allocate((long) BLOCK * width() * Float.BYTES, ALIGNMENT);
  }

  @Override
  public void close() {
    arena.close();
  }
}
