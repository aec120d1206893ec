package io.github.llava4j.kernels.vector;

import java.util.Arrays;

import io.github.llava4j.kernels.cpu.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of many queries of one sequence: matrix products and an online softmax (Milakov and Gimelshein 2018; the
 * order of work is that of FlashAttention, Dao et al. 2022). A worker takes a block of queries of one key-value head; for
 * each {@link Tile#DEPTH} positions it packs keys and values once and then goes through its queries tile by tile: scores,
 * softmax against the largest score so far, weighted sum of the values. The scores of a tile never leave the first-level
 * cache.
 *
 * <p>A "query" is one head of one row: with grouped heads those that read the same keys are queries of the same block.
 */
final class TiledAttention {

  /** Queries per item of work at most: keys and values are packed once for all of them. */
  private static final int MAX_QUERIES = 256;

  // The arrays of a worker's scratch.
  private static final int QUERIES = 0;
  private static final int ROWS = 1;
  private static final int KEYS = 2;
  private static final int VALUES = 3;
  private static final int SCORES = 4;
  private static final int WEIGHTS = 5;
  private static final int RESULTS = 6;
  private static final int STATE = 7;

  private final Workers workers;
  private final Scratch[] scratch;

  TiledAttention(Workers workers, Scratch[] scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /**
   * What to compute.
   *
   * @param query [.., heads * headDim], results go to the same places in {@code out}
   * @param first the first row of the sequence in {@code query}
   * @param rows how many rows
   * @param positions position of each row if attention is causal, else null
   * @param count how many positions there are
   * @param window latest positions seen, 0 for all
   */
  record Job(
      float[] query, int first, int rows, int heads, int kvHeads, int headDim, KeyValues source, int[] positions,
      int count, int window, float[] out) {

    int group() {
      return heads / kvHeads;
    }

    /** Queries of one key-value head. */
    int queries() {
      return rows * group();
    }

    /** Where query {@code q} of key-value head {@code kvHead} lies in {@code query} and {@code out}. */
    int at(int kvHead, int q) {
      return ((first + q / group()) * heads + kvHead * group() + q % group()) * headDim;
    }

    /** The first position that query {@code q} does not see. */
    int end(int q) {
      return positions == null ? count : positions[first + q / group()] + 1;
    }

    /** The first position that query {@code q} sees. */
    int begin(int q) {
      return window == 0 ? 0 : Math.max(0, end(q) - window);
    }
  }

  void run(Job job) {
    int wanted = (4 * workers.size() + job.kvHeads - 1) / job.kvHeads;
    int blocks = Math.max((job.queries() + MAX_QUERIES - 1) / MAX_QUERIES, wanted);
    int even = (job.queries() + blocks - 1) / blocks;
    int size = (even + Tile.ROWS - 1) / Tile.ROWS * Tile.ROWS;
    int perHead = (job.queries() + size - 1) / size;
    workers.forEach(perHead * job.kvHeads, (worker, item) -> {
      int from = item % perHead * size;
      new Block(job, item / perHead, from, Math.min(size, job.queries() - from), scratch[worker]).run(workers);
    });
  }

  /** One item of work: {@code count} queries from {@code first} on. */
  private static final class Block {
    private final Job job;
    private final int kvHead;
    private final int first;
    private final int count;
    private final int padded;
    private final int panels;
    /** Pieces of {@link Tile#DEPTH} values of a head; one, but for uncommonly long heads. */
    private final int pieces;
    private final float[] queries;
    private final float[] rows;
    private final float[] keys;
    private final float[] values;
    /** [panels of positions][rows of the tile][WIDTH]; of no use while keys are packed, when it helps to transpose. */
    private final float[] scores;
    private final float[] weights;
    /** [panels][padded queries][WIDTH]: sums of values so far. */
    private final float[] results;
    /** Per query the largest score so far, then per query the sum of the weights so far. */
    private final float[] state;

    Block(Job job, int kvHead, int first, int count, Scratch scratch) {
      this.job = job;
      this.kvHead = kvHead;
      this.first = first;
      this.count = count;
      padded = Tile.padded(count);
      panels = (job.headDim + Tile.WIDTH - 1) / Tile.WIDTH;
      pieces = (job.headDim + Tile.DEPTH - 1) / Tile.DEPTH;
      queries = scratch.floats(QUERIES, pieces * padded * Tile.DEPTH);
      rows = scratch.floats(ROWS, Tile.WIDTH * Tile.DEPTH);
      scores = scratch.floats(SCORES, Math.max(Tile.ROWS * Tile.DEPTH, Lanes.N * Lanes.N));
      keys = scratch.floats(KEYS, pieces * Tile.DEPTH * Tile.DEPTH);
      values = scratch.floats(VALUES, panels * Tile.DEPTH * Tile.WIDTH);
      weights = scratch.floats(WEIGHTS, Tile.ROWS * Tile.DEPTH);
      results = scratch.floats(RESULTS, panels * padded * Tile.WIDTH);
      state = scratch.floats(STATE, 2 * padded);
    }

    void run(Workers workers) {
      float scale = (float) (1 / Math.sqrt(job.headDim));
      for (int q = 0; q < count; q++) {
        int from = job.at(kvHead, first + q);
        for (int d = 0; d < job.headDim; d++) {
          queries[(d / Tile.DEPTH * padded + q) * Tile.DEPTH + d % Tile.DEPTH] = job.query[from + d] * scale;
        }
      }
      Arrays.fill(results, 0, panels * padded * Tile.WIDTH, 0);
      Arrays.fill(state, 0, padded, Float.NEGATIVE_INFINITY);
      Arrays.fill(state, padded, 2 * padded, 0);
      int begin = job.begin(first);
      int end = job.end(first + count - 1);
      for (int position = begin; position < end; position += Tile.DEPTH) {
        int length = Math.min(Tile.DEPTH, end - position);
        packKeys(position, length);
        packValues(position, length);
        for (int q = 0, height; q < padded; q += height) {
          workers.check();
          height = Tile.height(padded - q);
          int last = first + Math.min(q + height, count) - 1;
          int visible = Math.min(length, job.end(last) - position);
          if (visible > 0 && position + visible > job.begin(first + q)) {
            tile(q, height, position, visible);
          }
        }
      }
      for (int q = 0; q < count; q++) {
        writeResult(q);
      }
    }

    /** keys = [pieces][panels of positions][DEPTH values of a head][WIDTH positions]. */
    private void packKeys(int position, int length) {
      for (int piece = 0; piece < pieces; piece++) {
        int column = kvHead * job.headDim + piece * Tile.DEPTH;
        int depth = depth(piece);
        for (int key = 0; key < length; key += Tile.WIDTH) {
          int width = Math.min(Tile.WIDTH, length - key);
          for (int j = 0; j < width; j++) {
            job.source.key(position + key + j, column, depth, rows, j * Tile.DEPTH);
          }
          int to = (piece * Tile.DEPTH + key) * Tile.DEPTH;
          Transposition.transpose(rows, 0, Tile.DEPTH, Tile.WIDTH, depth, keys, to, Tile.WIDTH, scores);
        }
      }
    }

    private int depth(int piece) {
      return Math.min(Tile.DEPTH, job.headDim - piece * Tile.DEPTH);
    }

    /** values = [panels of columns][DEPTH positions][WIDTH columns]. */
    private void packValues(int position, int length) {
      for (int p = 0; p < panels; p++) {
        int within = p * Tile.WIDTH;
        int width = Math.min(Tile.WIDTH, job.headDim - within);
        for (int k = 0; k < length; k++) {
          job.source.value(
              position + k, kvHead * job.headDim + within, width, values, (p * Tile.DEPTH + k) * Tile.WIDTH);
        }
      }
    }

    private void tile(int q, int height, int position, int length) {
      int keyPanels = (length + Tile.WIDTH - 1) / Tile.WIDTH;
      Arrays.fill(scores, 0, keyPanels * height * Tile.WIDTH, 0);
      for (int piece = 0; piece < pieces; piece++) {
        for (int p = 0; p < keyPanels; p++) {
          Tile.multiply(
              height, queries, (piece * padded + q) * Tile.DEPTH, keys, (piece * Tile.DEPTH + p * Tile.WIDTH) * Tile.DEPTH,
              depth(piece), scores, p * height * Tile.WIDTH);
        }
      }
      for (int r = 0; r < height; r++) {
        if (q + r < count) {
          softmax(q + r, r, height, position, keyPanels);
        }
      }
      for (int p = 0; p < panels; p++) {
        Tile.multiply(
            height, weights, 0, values, p * Tile.DEPTH * Tile.WIDTH, length, results, (p * padded + q) * Tile.WIDTH);
      }
    }

    /** Turns row {@code r} of the scores into weights and makes the sums so far relative to the new largest score. */
    private void softmax(int q, int r, int height, int position, int keyPanels) {
      int seen = keyPanels * Tile.WIDTH;
      int from = Math.clamp(job.begin(first + q) - position, 0, seen);
      int to = Math.clamp(job.end(first + q) - position, 0, seen);
      hide(r, height, 0, from);
      hide(r, height, Math.max(from, to), seen);
      FloatVector maxima = FloatVector.broadcast(Lanes.F, state[q]);
      for (int p = 0; p < keyPanels; p++) {
        int at = (p * height + r) * Tile.WIDTH;
        maxima = maxima.max(Lanes.load(scores, at)).max(Lanes.load(scores, at + Lanes.N));
      }
      float max = maxima.reduceLanes(VectorOperators.MAX);
      if (max == Float.NEGATIVE_INFINITY) {
        Arrays.fill(weights, r * Tile.DEPTH, r * Tile.DEPTH + seen, 0);
        return;
      }
      FloatVector sums = Lanes.zero();
      for (int p = 0; p < keyPanels; p++) {
        int at = (p * height + r) * Tile.WIDTH;
        for (int i = 0; i < Tile.WIDTH; i += Lanes.N) {
          FloatVector weight = VectorMath.exp(Lanes.load(scores, at + i).sub(max));
          weight.intoArray(weights, r * Tile.DEPTH + p * Tile.WIDTH + i);
          sums = sums.add(weight);
        }
      }
      float shrink = (float) Math.exp(state[q] - max);
      state[q] = max;
      state[padded + q] = state[padded + q] * shrink + sums.reduceLanes(VectorOperators.ADD);
      if (shrink != 1) {
        for (int p = 0; p < panels; p++) {
          for (int i = 0; i < Tile.WIDTH; i += Lanes.N) {
            int at = (p * padded + q) * Tile.WIDTH + i;
            Lanes.load(results, at).mul(shrink).intoArray(results, at);
          }
        }
      }
    }

    private void hide(int r, int height, int from, int to) {
      for (int k = from; k < to; k++) {
        scores[(k / Tile.WIDTH * height + r) * Tile.WIDTH + k % Tile.WIDTH] = Float.NEGATIVE_INFINITY;
      }
    }

    private void writeResult(int q) {
      float factor = 1 / state[padded + q];
      int to = job.at(kvHead, first + q);
      for (int d = 0; d < job.headDim; d++) {
        job.out[to + d] = results[(d / Tile.WIDTH * padded + q) * Tile.WIDTH + d % Tile.WIDTH] * factor;
      }
    }
  }
}
