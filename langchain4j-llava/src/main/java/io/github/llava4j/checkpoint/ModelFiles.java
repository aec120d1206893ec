package io.github.llava4j.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The weight files mapped so far. */
  List<ModelFile> mapped() {
    return List.copyOf(mapped);
  }

  /** A whole file, read-only and without copying it. */
  MappedFile map(Path file) {
    Optional<byte[]> embedded = EmbeddedModel.read(file);
    if (embedded.isPresent()) {
      MemorySegment bytes = allocate(embedded.get().length).copyFrom(MemorySegment.ofArray(embedded.get()));
      mapped.add(new ModelFile(file, bytes.byteSize()));
      return new MappedFile(file, bytes.asReadOnly());
    }
    requireFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      mapped.add(new ModelFile(file, bytes.byteSize()));
      return new MappedFile(file, bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Off-heap memory that lives as long as the mapped files. */
  MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, Long.BYTES);
  }

  /** The first bytes of a file: at most {@code count}, fewer if it is shorter. */
  byte[] head(Path file, int count) {
    Optional<byte[]> embedded = EmbeddedModel.read(file);
    if (embedded.isPresent()) {
      return Arrays.copyOf(embedded.get(), Math.min(count, embedded.get().length));
    }
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

  /**
   * A small file's content, or nothing if there is no such file.
   *
   * @throws CheckpointException also if it is a pointer of Git LFS in place of the file
   */
  Optional<byte[]> read(Path file) {
    if (isEmbedded(file)) {
      return EmbeddedModel.read(file);
    }
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      long size = Files.size(file);
      if (size > LARGEST_HEAP_FILE) {
        throw new CheckpointException(file + ": " + size + " bytes are too many for a file that is no weights");
      }
      byte[] bytes = Files.readAllBytes(file);
      if (FileKind.of(Arrays.copyOf(bytes, Math.min(bytes.length, FileKind.HEAD))) == FileKind.LFS_POINTER) {
        throw new CheckpointException(file + ": " + FileKind.LFS_POINTER.description());
      }
      return Optional.of(bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  boolean isFolder(Path path) {
    return path.equals(EmbeddedModel.FOLDER) || Files.isDirectory(path);
  }

  boolean isFile(Path path) {
    return isEmbedded(path) ? EmbeddedModel.files().contains(path) : Files.isRegularFile(path);
  }

  private static boolean isEmbedded(Path path) {
    return path.startsWith(EmbeddedModel.FOLDER);
  }

  /** The regular files of a folder, by name. */
  List<Path> list(Path folder) {
    if (isEmbedded(folder)) {
      return EmbeddedModel.files();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** The folders of a folder, by name, those left out whose name begins with a dot. */
  List<Path> folders(Path folder) {
    if (isEmbedded(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /** When a file was changed last. */
  Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      throw unreadable(file, e);
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

  /** Frees the memory of all tensors; once, whoever calls it how often. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
