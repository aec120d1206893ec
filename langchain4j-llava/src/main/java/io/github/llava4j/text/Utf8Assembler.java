package io.github.llava4j.text;

import java.nio.charset.StandardCharsets;

import io.github.llava4j.kernels.Internal;

/**
 * Joins bytes to characters. As in SentencePiece, each byte that is not part of a whole, valid character reads U+FFFD;
 * Java's own decoder gives one U+FFFD for several such bytes.
 */
@Internal
public final class Utf8Assembler {

  private static final String REPLACEMENT = "\uFFFD";

  /** Bytes of a character that may yet become whole: never more than three. */
  private final byte[] pending = new byte[4];
  private int size;

  /** Takes a byte, 0 to 255, and returns what is certain now. */
  public String append(int value) {
    pending[size++] = (byte) value;
    return drain(false);
  }

  /** Gives up on a character that never became whole. */
  public String finish() {
    return drain(true);
  }

  private String drain(boolean end) {
    StringBuilder out = new StringBuilder();
    while (size > 0) {
      int length = length(pending[0] & 0xFF);
      if (!possible(length)) {
        out.append(REPLACEMENT);
        drop(1);
      } else if (size >= length) {
        out.append(new String(pending, 0, length, StandardCharsets.UTF_8));
        drop(length);
      } else if (end) {
        out.append(REPLACEMENT);
        drop(1);
      } else {
        break;
      }
    }
    return out.toString();
  }

  private void drop(int count) {
    System.arraycopy(pending, count, pending, 0, size - count);
    size -= count;
  }

  /** Bytes of the character that starts with that byte, or 0 if none does. */
  private static int length(int first) {
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  /** Whether the pending bytes are, or can become, a character: no overlong form, surrogate or number past U+10FFFF. */
  private boolean possible(int length) {
    if (length == 0) {
      return false;
    }
    for (int i = 1; i < Math.min(size, length); i++) {
      if ((pending[i] & 0xC0) != 0x80) {
        return false;
      }
    }
    if (size < 2) {
      return true;
    }
    int second = pending[1] & 0xFF;
    return switch (pending[0] & 0xFF) {
      case 0xE0 -> second >= 0xA0;
      case 0xED -> second < 0xA0;
      case 0xF0 -> second >= 0x90;
      case 0xF4 -> second < 0x90;
      default -> true;
    };
  }
}
