package io.github.llava4j.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import io.github.llava4j.CheckpointException;

/** A cursor over one protobuf message: call {@link #next}, look at {@link #field}, then read or pass over. */
final class Protobuf {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final String source;
  private final ByteBuffer bytes;
  private int field;
  private int wireType;
  private boolean pending;

  Protobuf(String source, byte[] message) {
    this(source, ByteBuffer.wrap(message));
  }

  private Protobuf(String source, ByteBuffer message) {
    this.source = source;
    this.bytes = message.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Moves to the next field, passing over the value of the last one if it was not read. */
  boolean next() {
    if (pending) {
      skip();
    }
    if (!bytes.hasRemaining()) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    wireType = (int) key & 7;
    if (key >>> 32 != 0 || field == 0) {
      throw error("an impossible field number");
    }
    pending = true;
    return true;
  }

  int field() {
    return field;
  }

  int readInt() {
    expect(VARINT);
    return (int) varint();
  }

  boolean readBoolean() {
    return readInt() != 0;
  }

  float readFloat() {
    expect(FIXED32);
    return take(Float.BYTES).getFloat();
  }

  String readString() {
    expect(LENGTH);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(take(varint())).toString();
    } catch (CharacterCodingException e) {
      throw error("text that is not UTF-8");
    }
  }

  Protobuf readMessage() {
    expect(LENGTH);
    return new Protobuf(source, take(varint()));
  }

  /** Length of a value that is not looked at. */
  int readLength() {
    expect(LENGTH);
    return take(varint()).remaining();
  }

  private void expect(int type) {
    if (wireType != type) {
      throw error("field " + field + " has wire type " + wireType + " where " + type + " is expected");
    }
    pending = false;
  }

  private void skip() {
    pending = false;
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> take(Long.BYTES);
      case LENGTH -> take(varint());
      case FIXED32 -> take(Integer.BYTES);
      default -> throw error("field " + field + " has the unknown wire type " + wireType);
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte b = take(1).get();
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw error("a number of more than 64 bits");
  }

  private ByteBuffer take(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw error("a value of " + length + " bytes where " + bytes.remaining() + " are left");
    }
    ByteBuffer taken = bytes.slice(bytes.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + (int) length);
    return taken;
  }

  private CheckpointException error(String what) {
    return new CheckpointException(source + ": not a SentencePiece model, or a damaged one: " + what);
  }
}
