package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** A file's bytes, mapped read-only. */
record MappedFile(Path path, MemorySegment bytes) {

  long size() {
    return bytes.byteSize();
  }
}
