package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.llava4j.CheckpointException;

/**
 * The only class of this package that opens paths, and the owner of all memory that tensors lie in: closing it unmaps
 * the files.
 */
final class ModelFiles implements AutoCloseable {

  /** Configuration and tokenizers are read to the heap; weights never are. */
  private static final long LARGEST_HEAP_FILE = 100_000_000;

  private final Arena arena = Arena.ofShared();
  private final List<ModelFile> mapped = new ArrayList<>();
  /** What was unpacked: files before the folders that they are in. */
  private final List<Path> temporary = new ArrayList<>();

  /** The weight files mapped so far. */
  List<ModelFile> mapped() {
    return List.copyOf(mapped);
  }

  /** A whole file, read-only and without copying it. */
  MappedFile map(Path file) {
    requireFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      mapped.add(new ModelFile(file, bytes.byteSize()));
      return new MappedFile(file, bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Copies the model on the class path into a folder, because only files can be mapped. The folder is deleted when this
   * is closed, or when the JVM ends without that.
   */
  Path unpackEmbedded() {
    try {
      Path parent = temporary(Files.createTempDirectory("llava4j"));
      Path folder = temporary(Files.createDirectory(parent.resolve(EmbeddedModel.NAME)));
      for (String name : EmbeddedModel.FILES) {
        try (InputStream in = EmbeddedModel.open(name)) {
          if (in == null) {
            throw new CheckpointException(
                EmbeddedModel.PATH + ": the model that ships with llava4j is not on the class path (" + name
                    + "); add io.github.llava4j:langchain4j-llava with classifier mini, or name the folder or file of a "
                    + "model");
          }
          Files.copy(in, temporary(folder.resolve(name)));
        }
      }
      return folder;
    } catch (IOException e) {
      throw new CheckpointException(EmbeddedModel.PATH + ": cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private Path temporary(Path path) {
    temporary.addFirst(path);
    path.toFile().deleteOnExit();
    return path;
  }

  /** Off-heap memory that lives as long as the mapped files. */
  MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, Long.BYTES);
  }

  /** The first bytes of a file: at most {@code count}, fewer if it is shorter. */
  byte[] head(Path file, int count) {
    requireFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // a channel may give less than it has
      }
      byte[] head = new byte[bytes.flip().remaining()];
      bytes.get(head);
      return head;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** A small file's content, or nothing if there is no such file. */
  Optional<byte[]> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      long size = Files.size(file);
      if (size > LARGEST_HEAP_FILE) {
        throw new CheckpointException(file + ": " + size + " bytes are too many for a file that is no weights");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  boolean isFolder(Path path) {
    return Files.isDirectory(path);
  }

  boolean isFile(Path path) {
    return Files.isRegularFile(path);
  }

  /** The regular files of a folder, by name. */
  List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static void requireFile(Path file) {
    // Also keeps pipes and devices out, which would block or never end.
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(file + (Files.exists(file) ? ": not a file" : ": no such file or folder"));
    }
  }

  private static CheckpointException unreadable(Path path, IOException e) {
    return new CheckpointException(path + ": cannot be read: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
    for (Path path : temporary) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
    temporary.clear();
  }
}
