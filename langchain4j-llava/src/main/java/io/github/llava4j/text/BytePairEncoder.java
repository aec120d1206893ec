package io.github.llava4j.text;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

import io.github.llava4j.text.Vocabulary.PieceType;

/** Byte-pair encoding with byte fallback over one run of text in which spaces are marked already. */
final class BytePairEncoder {

  private static final int NOT_A_PIECE = -1;
  private static final int MERGED_AWAY = -2;

  private final MergeTable merges;
  private final Map<Integer, Integer> codePoints = new HashMap<>();
  private final ByteTokens bytes;
  private final Map<String, Integer> userDefined = new HashMap<>();
  private final Literals userDefinedLiterals;
  private final int unknown;

  BytePairEncoder(Vocabulary vocabulary) {
    merges = vocabulary.merges();
    unknown = vocabulary.unknown();
    bytes = new ByteTokens(vocabulary);
    List<String> pieces = vocabulary.pieces();
    for (int id = 0; id < pieces.size(); id++) {
      String piece = pieces.get(id);
      PieceType type = vocabulary.types().get(id);
      if (type == PieceType.NORMAL && !piece.isEmpty() && piece.codePointCount(0, piece.length()) == 1) {
        codePoints.putIfAbsent(piece.codePointAt(0), id);
      } else if (type == PieceType.USER_DEFINED) {
        userDefined.putIfAbsent(piece, id);
      }
    }
    userDefinedLiterals = new Literals(userDefined.keySet());
  }

  void encode(String text, Ids out) {
    userDefinedLiterals.split(text, run -> merge(run, out), literal -> out.add(userDefined.get(literal)));
  }

  /**
   * Symbols start as code points in a linked list; a queue holds pairs by (rank, position), so that the leftmost of the
   * earliest merges comes first. A pair that a merge has made obsolete is recognised when it comes out of the queue.
   */
  private void merge(String text, Ids out) {
    int[] points = text.codePoints().toArray();
    int count = points.length;
    int[] ids = new int[count];
    int[] next = new int[count];
    int[] previous = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = codePoints.getOrDefault(points[i], NOT_A_PIECE);
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    PriorityQueue<Long> queue = new PriorityQueue<>();
    for (int i = 0; i < count; i++) {
      offer(queue, ids, next, i);
    }
    while (!queue.isEmpty()) {
      long candidate = queue.poll();
      int left = (int) candidate;
      if (rank(ids, next, left) != candidate >>> 32) {
        continue;
      }
      int right = next[left];
      ids[left] = merges.result(ids[left], ids[right]);
      ids[right] = MERGED_AWAY;
      next[left] = next[right];
      if (next[left] < count) {
        previous[next[left]] = left;
      }
      offer(queue, ids, next, left);
      if (previous[left] >= 0) {
        offer(queue, ids, next, previous[left]);
      }
    }
    boolean afterUnknown = false;
    for (int i = 0; i < count; i = next[i]) {
      if (ids[i] >= 0) {
        out.add(ids[i]);
        afterUnknown = false;
      } else {
        afterUnknown = fallBack(points[i], afterUnknown, out);
      }
    }
  }

  private void offer(PriorityQueue<Long> queue, int[] ids, int[] next, int left) {
    int rank = rank(ids, next, left);
    if (rank != MergeTable.NONE) {
      queue.add(((long) rank << 32) | left);
    }
  }

  private int rank(int[] ids, int[] next, int left) {
    return ids[left] < 0 || next[left] == ids.length || ids[next[left]] < 0
        ? MergeTable.NONE
        : merges.rank(ids[left], ids[next[left]]);
  }

  /** Writes a code point's bytes, or one unknown token for a whole stretch if the vocabulary lacks byte tokens. */
  private boolean fallBack(int codePoint, boolean afterUnknown, Ids out) {
    // Half a surrogate pair has no UTF-8 form; SentencePiece sees U+FFFD in its place too.
    int encodable = Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint;
    byte[] utf8 = Character.toString(encodable).getBytes(StandardCharsets.UTF_8);
    if (bytes.complete()) {
      for (byte b : utf8) {
        out.add(bytes.id(b));
      }
      return false;
    }
    if (!afterUnknown && unknown >= 0) {
      out.add(unknown);
    }
    return true;
  }
}
