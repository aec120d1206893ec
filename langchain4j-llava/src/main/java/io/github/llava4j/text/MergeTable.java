package io.github.llava4j.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Internal;
import io.github.llava4j.text.Vocabulary.PieceType;

/**
 * Which two neighbouring pieces merge into which third, and how early. SentencePiece orders merges by the score of the
 * result, {@code tokenizer.json} by their place in a list; both become ranks here, lowest first.
 */
@Internal
public final class MergeTable {

  /** A pair that never merges. */
  static final int NONE = -1;

  private static final long EMPTY = -1;

  /** Open addressing over (left id, right id): Llama has 61,249 merges, and a boxed map of them is large and slow. */
  private long[] keys;
  private int[] ranks;
  private int[] results;
  private int count;

  MergeTable(int expected) {
    allocate(Integer.highestOneBit(Math.max(8, expected)) << 2);
  }

  /** Every way to cut a normal piece into two others, ranked by the piece's score; equal scores have equal ranks. */
  static MergeTable byScore(List<String> pieces, List<PieceType> types, float[] scores) {
    Map<String, Integer> ids = HashMap.newHashMap(pieces.size());
    int[] normal = IntStream.range(0, pieces.size()).filter(id -> types.get(id) == PieceType.NORMAL).toArray();
    for (int id : normal) {
      ids.putIfAbsent(pieces.get(id), id);
    }
    MergeTable table = new MergeTable(2 * pieces.size());
    int rank = -1;
    float last = Float.NaN;
    List<Integer> byScore =
        IntStream.of(normal).boxed().sorted((a, b) -> Float.compare(scores[b], scores[a])).toList();
    for (int id : byScore) {
      if (scores[id] != last) {
        last = scores[id];
        rank++;
      }
      String piece = pieces.get(id);
      for (int cut = piece.offsetByCodePoints(0, Math.min(1, piece.length())); cut < piece.length();
          cut = piece.offsetByCodePoints(cut, 1)) {
        Integer left = ids.get(piece.substring(0, cut));
        Integer right = left == null ? null : ids.get(piece.substring(cut));
        if (right != null) {
          table.add(left, right, rank, id);
        }
      }
    }
    return table;
  }

  /** Adds a merge; a pair that is there already keeps its rank. */
  void add(int left, int right, int rank, int result) {
    int slot = slot(key(left, right));
    if (keys[slot] != EMPTY) {
      return;
    }
    keys[slot] = key(left, right);
    ranks[slot] = rank;
    results[slot] = result;
    if (++count > keys.length / 2) {
      grow();
    }
  }

  /** How early the pair merges, or {@link #NONE}. */
  int rank(int left, int right) {
    int slot = slot(key(left, right));
    return keys[slot] == EMPTY ? NONE : ranks[slot];
  }

  /** What a pair that has a rank merges into. */
  int result(int left, int right) {
    return results[slot(key(left, right))];
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  private int slot(long key) {
    long hash = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (hash >>> 32) & (keys.length - 1);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void allocate(int capacity) {
    keys = new long[capacity];
    Arrays.fill(keys, EMPTY);
    ranks = new int[capacity];
    results = new int[capacity];
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldRanks = ranks;
    int[] oldResults = results;
    allocate(2 * oldKeys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        ranks[slot] = oldRanks[i];
        results[slot] = oldResults[i];
      }
    }
  }
}
