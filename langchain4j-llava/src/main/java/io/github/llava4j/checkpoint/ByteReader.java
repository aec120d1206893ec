package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.github.llava4j.CheckpointException;

/** Reads little-endian values one after the other and never beyond the end: a short file is an error that says so. */
final class ByteReader {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Names and other text that becomes a String. */
  private static final long LONGEST_STRING = 1 << 24;

  private final Object file;
  private final MemorySegment bytes;
  private long at;

  /** @param file what to call the bytes in messages */
  ByteReader(Object file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  ByteReader(MappedFile file) {
    this(file.path(), file.bytes());
  }

  Object file() {
    return file;
  }

  long position() {
    return at;
  }

  long remaining() {
    return bytes.byteSize() - at;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xff;
  }

  int u16() {
    return bytes.get(SHORT, advance(2)) & 0xffff;
  }

  int i32() {
    return bytes.get(INT, advance(4));
  }

  long u32() {
    return i32() & 0xffffffffL;
  }

  long i64() {
    return bytes.get(LONG, advance(8));
  }

  /** An unsigned 64-bit count; those that no file can hold are errors. */
  long count(String what) {
    long value = i64();
    if (value < 0) {
      throw error(what + " is " + Long.toUnsignedString(value));
    }
    return value;
  }

  /** A count of things that take at least {@code bytesEach}, checked before anything is allocated for them. */
  long countOf(String what, long bytesEach) {
    long value = count(what);
    if (value > remaining() / bytesEach) {
      throw error(what + " is " + value + ", but only " + remaining() + " bytes follow");
    }
    return value;
  }

  /** The next {@code length} bytes. */
  MemorySegment slice(long length) {
    return bytes.asSlice(advance(length), length);
  }

  /** UTF-8 text of {@code length} bytes. */
  String text(long length) {
    if (length > LONGEST_STRING) {
      throw error("a text of " + length + " bytes at byte " + at);
    }
    return new String(slice(length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** The text up to the next line feed, which is read as well. */
  String line() {
    long end = at;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      end++;
    }
    String line = text(end - at);
    advance(1);
    return line;
  }

  void skip(long length) {
    advance(length);
  }

  CheckpointException error(String problem) {
    return new CheckpointException(file + ": " + problem);
  }

  private long advance(long length) {
    if (length < 0 || length > remaining()) {
      throw error(
          "truncated: at byte " + at + " " + Long.toUnsignedString(length) + " bytes are expected, "
              + (length < 0 ? "more than any file has" : (length - remaining()) + " of them are missing"));
    }
    long from = at;
    at += length;
    return from;
  }
}
