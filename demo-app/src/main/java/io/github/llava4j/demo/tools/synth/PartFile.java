package io.github.llava4j.demo.tools.synth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file under way: it gets its name only when it is complete, and vanishes if that does not come to pass. */
final class PartFile implements AutoCloseable {

  private final Path target;
  private final Path part;
  // For Ctrl-C: nobody wants to find half of 7 GB.
  private final Thread hook = new Thread(this::delete, "llava4j-part-file");

  PartFile(Path target) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  FileChannel open() throws IOException {
    return FileChannel.open(
        part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
  }

  void complete() throws IOException {
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
  }

  private void delete() {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the JVM is on its way out and the hook does the rest
    }
    delete();
  }
}
