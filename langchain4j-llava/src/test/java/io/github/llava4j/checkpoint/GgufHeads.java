package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** For tests of other packages: what GGUF files say, also those that hold no tensors. */
public final class GgufHeads {

  private GgufHeads() {}

  public static GgufMetadata read(Path file) throws IOException {
    return GgufFile.readMetadata(new MappedFile(file, MemorySegment.ofArray(Files.readAllBytes(file))));
  }
}
