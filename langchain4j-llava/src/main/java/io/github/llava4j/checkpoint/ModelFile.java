package io.github.llava4j.checkpoint;

import java.nio.file.Path;

/** A file of weights and its size. */
public record ModelFile(Path path, long bytes) {}
