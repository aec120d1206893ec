package io.github.llava4j.engine;

/**
 * Where the time of one request went, in milliseconds.
 *
 * @param imageMs tiling and normalising the pictures
 * @param visionMs vision tower and projector; 0 when the embeddings were cached
 * @param prefillMs from the first prompt row to the first token
 * @param decodeMs the other tokens
 */
public record Timings(double imageMs, double visionMs, double prefillMs, double decodeMs) {}
