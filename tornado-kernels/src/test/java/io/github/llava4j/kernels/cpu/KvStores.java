package io.github.llava4j.kernels.cpu;

import io.github.llava4j.kernels.KvCache;
import io.github.llava4j.kernels.KvType;

/** Lets tests of other packages fill a cache, which is otherwise the interpreter's affair. */
public final class KvStores {

  private KvStores() {}

  public static KvStore create(KvCache shape, int slots, int context, KvType type) {
    return new KvStore(shape, slots, context, type);
  }

  public static void store(KvStore store, int layer, int slot, int position, float[] key, float[] value, int offset) {
    store.store(layer, slot, position, key, value, offset);
  }
}
