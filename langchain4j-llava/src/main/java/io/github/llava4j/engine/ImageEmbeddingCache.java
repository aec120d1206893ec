package io.github.llava4j.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/** Embeddings of pictures by content, the least recently used dropped when a byte budget is full. Thread-safe. */
final class ImageEmbeddingCache {

  /** A picture's content and how it was looked at. */
  record Key(String hash, boolean overviewOnly) {}

  private final long budget;
  private final Map<Key, float[]> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  ImageEmbeddingCache(long budget) {
    this.budget = budget;
  }

  synchronized float[] get(Key key) {
    return entries.get(key);
  }

  synchronized void put(Key key, float[] embeddings) {
    long size = size(embeddings);
    if (size > budget || entries.containsKey(key)) {
      return;
    }
    entries.put(key, embeddings);
    bytes += size;
    var oldest = entries.entrySet().iterator();
    while (bytes > budget) {
      bytes -= size(oldest.next().getValue());
      oldest.remove();
    }
  }

  private static long size(float[] embeddings) {
    return (long) embeddings.length * Float.BYTES;
  }
}
