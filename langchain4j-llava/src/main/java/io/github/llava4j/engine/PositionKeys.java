package io.github.llava4j.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What each position of a sequence holds, as a number for the prefix cache: a token's id, or the identity of a row of a
 * picture. Numbers of pictures have the sign bit set, so that no token can be meant.
 */
final class PositionKeys {

  /** 2^64 over the golden ratio: neighbouring rows get numbers far apart. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final long[] keys;
  private final int promptLength;

  /**
   * @param length most positions of the sequence
   * @param salt of the first position: prompts of other tenants begin with another number
   */
  PositionKeys(Prompt prompt, int length, String salt) {
    this.promptLength = prompt.tokens().length;
    this.keys = new long[length];
    for (int i = 0; i < promptLength; i++) {
      keys[i] = prompt.tokens()[i];
    }
    for (PendingPicture picture : prompt.pictures()) {
      long hash = first64Bits(HexFormat.of().parseHex(picture.key().hash(), 0, 16));
      long base = hash * 31 + (picture.key().overviewOnly() ? 1 : 0);
      for (int i = 0; i < picture.positions(); i++) {
        keys[picture.firstPosition() + i] = base + SPREAD * i | Long.MIN_VALUE;
      }
    }
    if (!salt.isEmpty() && promptLength > 0) {
      keys[0] = keys[0] + first64Bits(sha256(salt)) | Long.MIN_VALUE;
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static long first64Bits(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  long[] ofPrompt() {
    return Arrays.copyOf(keys, promptLength);
  }

  long at(int position) {
    return keys[position];
  }

  /** A generated token. */
  void put(int position, int token) {
    keys[position] = token;
  }
}
