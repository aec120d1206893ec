package io.github.llava4j.constraint.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.text.ByteTokens;
import io.github.llava4j.text.Vocabulary;
import io.github.llava4j.text.Vocabulary.PieceType;
import io.github.llava4j.text.Vocabulary.SpecialToken;
import org.jspecify.annotations.Nullable;

/**
 * A vocabulary's tokens as bytes, and trees of them. Made once for a model, some 50 ms for 32,000 tokens. Immutable and
 * thread-safe.
 *
 * <p>Plain tokens are those of whole characters from U+0020 on without {@code "} and backslash: inside a JSON string all
 * of them lead to the same place, so that few others have to be tried one by one. Control and unknown tokens, unused ones
 * and those with special tokens' ids write nothing and may never follow. Where two tokens write the same, the second,
 * which is a byte token, is left out.
 */
public final class TokenTable {

  /** A mask of plain tokens is kept for each number of characters up to this; longer tokens than that are not plain. */
  public static final int MOST_PLAIN_CHARACTERS = 16;

  private final byte[] @Nullable [] bytes;
  private final int[] ends;
  private final TokenTrie all;
  private final TokenTrie plain;
  private final TokenTrie others;
  private final long[][] plainUpTo = new long[MOST_PLAIN_CHARACTERS + 1][];
  private final int longest;
  private final boolean complete;

  private TokenTable(Vocabulary vocabulary, Set<Integer> ends) {
    this.bytes = bytes(vocabulary);
    this.ends = ends.stream().filter(id -> id < vocabulary.size()).mapToInt(Integer::intValue).sorted().toArray();
    List<Integer> usable = new ArrayList<>();
    List<Integer> plainIds = new ArrayList<>();
    List<Integer> otherIds = new ArrayList<>();
    Arrays.setAll(plainUpTo, n -> new long[words()]);
    boolean[] single = new boolean[256];
    int most = 0;
    for (int id = 0; id < bytes.length; id++) {
      byte[] spelled = bytes[id];
      if (spelled == null) {
        continue;
      }
      usable.add(id);
      most = Math.max(most, spelled.length);
      if (spelled.length == 1) {
        single[spelled[0] & 0xFF] = true;
      }
      int characters = plainCharacters(spelled);
      (characters > 0 ? plainIds : otherIds).add(id);
      for (int n = characters; n > 0 && n <= MOST_PLAIN_CHARACTERS; n++) {
        plainUpTo[n][id >> 6] |= 1L << id;
      }
    }
    longest = most;
    all = TokenTrie.of(usable, bytes);
    plain = TokenTrie.of(plainIds, bytes);
    others = TokenTrie.of(otherIds, bytes);
    boolean every = true;
    for (boolean has : single) {
      every &= has;
    }
    complete = every;
  }

  /** @param ends ids that end an answer */
  public static TokenTable of(Vocabulary vocabulary, Set<Integer> ends) {
    return new TokenTable(vocabulary, ends);
  }

  private static byte[] @Nullable [] bytes(Vocabulary vocabulary) {
    Set<Integer> silent = new HashSet<>();
    for (SpecialToken special : vocabulary.specials().values()) {
      silent.add(special.id());
    }
    byte[][] bytes = new byte[vocabulary.size()][];
    Map<String, Integer> seen = new HashMap<>();
    for (boolean byteTokens : new boolean[] {false, true}) {
      for (int id = 0; id < bytes.length; id++) {
        PieceType type = vocabulary.types().get(id);
        boolean writes = type == PieceType.NORMAL || type == PieceType.USER_DEFINED || type == PieceType.BYTE;
        if (!writes || silent.contains(id) || (type == PieceType.BYTE) != byteTokens) {
          continue;
        }
        byte[] spelled = byteTokens
            ? new byte[] {(byte) ByteTokens.value(vocabulary.pieces().get(id))}
            : vocabulary.pieces().get(id).replace(Vocabulary.SPACE_MARK, ' ').getBytes(StandardCharsets.UTF_8);
        String key = new String(spelled, StandardCharsets.ISO_8859_1);
        if (spelled.length > 0 && spelled.length < 256 && seen.putIfAbsent(key, id) == null) {
          bytes[id] = spelled;
        }
      }
    }
    return bytes;
  }

  /** Characters of a plain token, 0 if it is not plain. */
  private static int plainCharacters(byte[] spelled) {
    if ((spelled[0] & 0xC0) == 0x80 || spelled.length == 1 && spelled[0] < 0) {
      return 0;
    }
    int characters = 0;
    for (byte value : spelled) {
      if (value >= 0 && value < 0x20 || value == '"' || value == '\\') {
        return 0;
      }
      characters += (value & 0xC0) == 0x80 ? 0 : 1;
    }
    return characters > MOST_PLAIN_CHARACTERS ? 0 : characters;
  }

  /** How many longs a mask of all tokens has. */
  public int words() {
    return bytes.length + 63 >> 6;
  }

  /** How many ids there are. */
  public int size() {
    return bytes.length;
  }

  /** What a token writes, or null if it writes nothing and may never follow. Not to be changed. */
  public byte @Nullable [] bytes(int token) {
    return token < 0 || token >= bytes.length ? null : bytes[token];
  }

  /** Whether {@code token} ends an answer. */
  public boolean isEnd(int token) {
    return Arrays.binarySearch(ends, token) >= 0;
  }

  /** Sets the bits of the tokens that end an answer. */
  public void addEnds(long[] mask) {
    for (int end : ends) {
      mask[end >> 6] |= 1L << end;
    }
  }

  /** All tokens that write something. */
  public TokenTrie all() {
    return all;
  }

  /** The plain ones. */
  public TokenTrie plain() {
    return plain;
  }

  /** The ones that are not plain. */
  public TokenTrie others() {
    return others;
  }

  /** Plain tokens of at most {@code characters}, as bits; not to be changed. */
  public long[] plainUpTo(int characters) {
    return plainUpTo[Math.min(characters, MOST_PLAIN_CHARACTERS)];
  }

  /** Bytes of the longest token. */
  public int longest() {
    return longest;
  }

  /** Whether each byte is a token, so that everything can be written. */
  public boolean isComplete() {
    return complete;
  }
}
