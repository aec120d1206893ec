package io.github.llava4j.image.vp8l;

import java.io.IOException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** A canonical prefix code (RFC 9649, section 3.7.2), read by a table of its short codes and bit by bit beyond. */
final class PrefixCode {

  private static final int LONGEST = 15;
  private static final int TABLE_BITS = 8;
  private static final int LENGTH_BITS = 4;
  private static final int REPEAT = 16;
  private static final int FEW_ZEROS = 17;
  private static final int FIRST_REPEATED = 8;
  // The order in which the lengths of the code for lengths are stored.
  private static final int[] LENGTHS_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  // Symbols by code length, then by value.
  private final int[] symbols;
  // How many codes there are of each length.
  private final int[] counts;
  // Symbol << 4 | length of each short code with any bits after it; null if there is only one symbol, without bits.
  private final int @Nullable [] table;

  private PrefixCode(int[] lengths) throws IOException {
    counts = new int[LONGEST + 1];
    for (int length : lengths) {
      counts[length]++;
    }
    int used = lengths.length - counts[0];
    counts[0] = 0;
    symbols = sorted(lengths, used);
    if (used == 1) {
      table = null;
      return;
    }
    int open = 1;
    for (int length = 1; length <= LONGEST; length++) {
      open = 2 * open - counts[length];
      if (open < 0) {
        break;
      }
    }
    if (used == 0 || open != 0) {
      throw new IOException("the picture has a prefix code that is none");
    }
    table = table();
  }

  /** Reads a code for symbols below a number. */
  static PrefixCode read(BitReader in, int alphabet) throws IOException {
    int[] lengths = new int[alphabet];
    if (in.read(1) == 1) {
      int count = in.read(1) + 1;
      int first = in.read(in.read(1) == 1 ? 8 : 1);
      mark(lengths, first);
      if (count == 2) {
        mark(lengths, in.read(8));
      }
      return new PrefixCode(lengths);
    }
    int[] lengthLengths = new int[LENGTHS_ORDER.length];
    int stored = in.read(4) + 4;
    for (int i = 0; i < stored; i++) {
      lengthLengths[LENGTHS_ORDER[i]] = in.read(3);
    }
    PrefixCode code = new PrefixCode(lengthLengths);
    int left = in.read(1) == 1 ? 2 + in.read(2 + 2 * in.read(3)) : alphabet;
    if (left > alphabet) {
      throw new IOException("the picture has a prefix code with too many symbols");
    }
    int previous = FIRST_REPEATED;
    for (int symbol = 0; symbol < alphabet && left > 0; left--) {
      int length = code.next(in);
      if (length < REPEAT) {
        lengths[symbol++] = length;
        previous = length == 0 ? previous : length;
        continue;
      }
      int times = length == REPEAT ? 3 + in.read(2) : length == FEW_ZEROS ? 3 + in.read(3) : 11 + in.read(7);
      if (times > alphabet - symbol) {
        throw new IOException("the picture has a prefix code with too many symbols");
      }
      Arrays.fill(lengths, symbol, symbol + times, length == REPEAT ? previous : 0);
      symbol += times;
    }
    return new PrefixCode(lengths);
  }

  private static void mark(int[] lengths, int symbol) throws IOException {
    if (symbol >= lengths.length) {
      throw new IOException("the picture has a prefix code with too many symbols");
    }
    lengths[symbol] = 1;
  }

  /** Reads a symbol. */
  int next(BitReader in) throws IOException {
    if (table == null) {
      return symbols[0];
    }
    int entry = table[in.peek(TABLE_BITS)];
    if (entry != 0) {
      in.skip(entry & (1 << LENGTH_BITS) - 1);
      return entry >> LENGTH_BITS;
    }
    int code = 0;
    int first = 0;
    int before = 0;
    for (int length = 1; length <= LONGEST; length++) {
      code |= in.read(1);
      if (code - first < counts[length]) {
        return symbols[before + code - first];
      }
      before += counts[length];
      first = first + counts[length] << 1;
      code <<= 1;
    }
    throw new IOException("the picture has a code that stands for nothing");
  }

  private int[] sorted(int[] lengths, int used) {
    int[] next = new int[LONGEST + 1];
    for (int length = 1; length < LONGEST; length++) {
      next[length + 1] = next[length] + counts[length];
    }
    int[] sorted = new int[used];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        sorted[next[lengths[symbol]]++] = symbol;
      }
    }
    return sorted;
  }

  private int[] table() {
    int[] entries = new int[1 << TABLE_BITS];
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= TABLE_BITS; length++) {
      for (int i = 0; i < counts[length]; i++, code++, symbol++) {
        int start = Integer.reverse(code) >>> 32 - length;
        for (int at = start; at < entries.length; at += 1 << length) {
          entries[at] = symbols[symbol] << LENGTH_BITS | length;
        }
      }
      code <<= 1;
    }
    return entries;
  }
}
