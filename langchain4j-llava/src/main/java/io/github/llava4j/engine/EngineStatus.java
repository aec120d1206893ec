package io.github.llava4j.engine;

import io.github.llava4j.kernels.MemoryPlan;

/**
 * How an engine is, at one moment.
 *
 * @param open whether requests are taken
 * @param reason why not, or what is wrong although they are; null if all is well
 * @param running requests that hold a slot
 * @param waiting requests that wait for one, those whose pictures are being decoded included
 * @param waitingBytes tiles of all of these, in bytes
 * @param deviceFailures runs of the device that failed since the last one that did not
 * @param memory most memory that the model takes, weights included
 * @param imageCacheBytes embeddings of pictures seen before
 * @param tileCacheBytes tiles of pictures seen before
 */
public record EngineStatus(
    boolean open,
    String reason,
    int running,
    int waiting,
    long waitingBytes,
    int deviceFailures,
    MemoryPlan memory,
    long imageCacheBytes,
    long tileCacheBytes) {}
