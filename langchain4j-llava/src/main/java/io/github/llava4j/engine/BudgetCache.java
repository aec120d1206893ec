package io.github.llava4j.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What was computed before, the least recently used dropped when a byte budget is full. Thread-safe. */
final class BudgetCache<K, V> {

  private final long budget;
  private final ToLongFunction<V> size;
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** @param size of a value in bytes; the same whenever it is asked for */
  BudgetCache(long budget, ToLongFunction<V> size) {
    this.budget = budget;
    this.size = size;
  }

  /** What is kept under {@code key}, or null. */
  synchronized V get(K key) {
    return entries.get(key);
  }

  /** Keeps {@code value} unless it is larger than the whole budget; what is there already stays. */
  synchronized void put(K key, V value) {
    long needed = size.applyAsLong(value);
    if (needed > budget || entries.containsKey(key)) {
      return;
    }
    entries.put(key, value);
    bytes += needed;
    var oldest = entries.entrySet().iterator();
    while (bytes > budget) {
      bytes -= size.applyAsLong(oldest.next().getValue());
      oldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }
}
