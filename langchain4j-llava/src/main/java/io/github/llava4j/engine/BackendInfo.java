package io.github.llava4j.engine;

/**
 * Where an engine runs.
 *
 * @param id the name by which it is chosen: {@code vector}, {@code scalar}, {@code tornado}
 * @param description one line for logs: what runs, on which device, how wide
 */
public record BackendInfo(String id, String description) {}
