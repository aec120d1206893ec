package io.github.llava4j.checkpoint;

import java.nio.file.Path;

/** A file of weights and its size. */
record ModelFile(Path path, long bytes) {}
