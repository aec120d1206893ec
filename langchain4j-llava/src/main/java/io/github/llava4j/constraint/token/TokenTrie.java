package io.github.llava4j.constraint.token;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Tokens as a tree of their bytes, depth first in one array, so that a subtree is skipped by one jump. Immutable.
 *
 * <p>A node is a long: its byte in bits 0 to 7, its depth (1 for the first byte) in 8 to 15, the token that ends there
 * plus one, 0 for none, in 16 to 39, and the index behind its subtree in 40 to 63.
 */
public final class TokenTrie {

  private final long[] nodes;

  private TokenTrie(long[] nodes) {
    this.nodes = nodes;
  }

  /** The tree of {@code ids}, whose bytes are all different, not empty and at most 255 long. */
  static TokenTrie of(List<Integer> ids, byte[][] bytes) {
    int[] sorted = ids.stream()
        .sorted(Comparator.comparing((Integer id) -> bytes[id], Arrays::compareUnsigned))
        .mapToInt(Integer::intValue).toArray();
    long[] nodes = new long[Arrays.stream(sorted).map(id -> bytes[id].length).sum()];
    int[] path = new int[256];
    int count = 0;
    int depth = 0;
    byte[] before = {};
    for (int id : sorted) {
      byte[] next = bytes[id];
      int shared = Arrays.mismatch(before, next);
      for (int d = depth; d > shared; d--) {
        nodes[path[d]] |= (long) count << 40;
      }
      for (int d = shared + 1; d <= next.length; d++) {
        path[d] = count;
        nodes[count++] = next[d - 1] & 0xFF | (long) d << 8;
      }
      depth = next.length;
      nodes[count - 1] |= (long) (id + 1) << 16;
      before = next;
    }
    for (int d = depth; d > 0; d--) {
      nodes[path[d]] |= (long) count << 40;
    }
    return new TokenTrie(Arrays.copyOf(nodes, count));
  }

  /** How many nodes there are. */
  public int size() {
    return nodes.length;
  }

  /** Byte of a node, 0 to 255. */
  public int value(int node) {
    return (int) nodes[node] & 0xFF;
  }

  /** How many bytes lead to a node, itself included. */
  public int depth(int node) {
    return (int) (nodes[node] >> 8) & 0xFF;
  }

  /** The token that ends at a node, or -1. */
  public int token(int node) {
    return (int) (nodes[node] >> 16 & 0xFFFFFF) - 1;
  }

  /** Index of the first node that is not below {@code node}. */
  public int behind(int node) {
    return (int) (nodes[node] >>> 40);
  }

  /** Sets the bits of the tokens at a node and below it. */
  public void set(int node, long[] mask) {
    for (int i = node, end = behind(node); i < end; i++) {
      int token = token(i);
      if (token >= 0) {
        mask[token >> 6] |= 1L << token;
      }
    }
  }

  /** Clears them. */
  public void clear(int node, long[] mask) {
    for (int i = node, end = behind(node); i < end; i++) {
      int token = token(i);
      if (token >= 0) {
        mask[token >> 6] &= ~(1L << token);
      }
    }
  }
}
