package io.github.llava4j.kernels;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

import io.github.llava4j.kernels.tensor.Tensor;

/**
 * What a program needs at most, in bytes, before anything is allocated.
 *
 * @param weights stored size of the tensors, which a CPU maps from their file and does not copy
 * @param cache keys and values for all slots at full context
 * @param buffers rows of all buffers at the largest batch
 */
public record MemoryPlan(long weights, long cache, long buffers) {

  /** The plan of {@code program} within {@code limits}, with caches of float32. */
  @Internal
  public static MemoryPlan of(Program program, Limits limits) {
    return of(program, CompileOptions.of(limits));
  }

  /** The plan of {@code program}. */
  @Internal
  public static MemoryPlan of(Program program, CompileOptions options) {
    Limits limits = options.limits();
    Set<Tensor> tensors = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Buffer> buffers = new LinkedHashSet<>();
    Set<KvCache> caches = new LinkedHashSet<>();
    for (Op op : program.ops()) {
      op.weights().forEach(weight -> tensors.addAll(weight.layers()));
      buffers.addAll(op.buffers());
      caches.addAll(op.caches());
    }
    long weightBytes = tensors.stream().mapToLong(tensor -> tensor.data().byteSize()).sum();
    long cacheBytes = caches.stream()
        .mapToLong(cache -> 2L * options.kvType().bytes() * cache.layers() * cache.width() * limits.slots()
            * limits.context())
        .sum();
    long bufferBytes = buffers.stream()
        .mapToLong(buffer -> (long) Float.BYTES * buffer.width()
            * (buffer.extent() == Buffer.Extent.ROWS ? limits.rows() : limits.slots()))
        .sum();
    return new MemoryPlan(weightBytes, cacheBytes, bufferBytes);
  }

  /** All of it. */
  public long total() {
    return weights + cache + buffers;
  }

  /** Both needs together. */
  public MemoryPlan plus(MemoryPlan other) {
    return new MemoryPlan(weights + other.weights, cache + other.cache, buffers + other.buffers);
  }
}
