package io.github.llava4j.kernels;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One operation of a {@link Program}: all that a backend must know how to do. Rows are independent unless said
 * otherwise; {@code in} and {@code out} may be the same buffer where noted.
 */
@Internal
public sealed interface Op {

  /** The parameters that this operation reads; for a repetition those of its body. */
  List<Weight> weights();

  /** The buffers that this operation reads or writes, one that it does both with twice; for a repetition those of its body. */
  List<Buffer> buffers();

  /** The caches that this operation reads or writes; for a repetition those of its body. */
  default List<KvCache> caches() {
    return List.of();
  }

  /**
   * Does {@code body} {@code times} times; inside, a {@link Weight} and a {@link KvCache} mean their layer of that number.
   */
  record Repeat(int times, List<Op> body) implements Op {
    public Repeat {
      body = List.copyOf(body);
    }

    @Override
    public List<Weight> weights() {
      return body.stream().flatMap(op -> op.weights().stream()).toList();
    }

    @Override
    public List<Buffer> buffers() {
      return body.stream().flatMap(op -> op.buffers().stream()).toList();
    }

    @Override
    public List<KvCache> caches() {
      return body.stream().flatMap(op -> op.caches().stream()).toList();
    }
  }

  /** Row r of {@code out} = row tokens[r] of {@code table}, or row r of {@code given} where tokens[r] is -1. */
  record Embed(Weight table, Buffer given, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of(table);
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(given, out);
    }
  }

  /**
   * The input of a vision transformer. Row (tile, 0) = {@code classToken} + positions[0]; row (tile, 1 + y*grid + x) =
   * {@code kernel} times the patch at (y, x) of that tile + positions[1 + y*grid + x].
   *
   * @param pixels [slots, 3*imageSize*imageSize], channel first
   * @param kernel [width, 3*patchSize*patchSize]
   */
  record PatchEmbed(
      Buffer pixels, Weight kernel, Weight classToken, Weight positions, int imageSize, int patchSize, Buffer out)
      implements Op {
    @Override
    public List<Weight> weights() {
      return List.of(kernel, classToken, positions);
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(pixels, out);
    }
  }

  /** (x - mean) / sqrt(var + eps) * scale + shift, biased variance; in place allowed. Ba et al. 2016. */
  record LayerNorm(Buffer in, Weight scale, Weight shift, float eps, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of(scale, shift);
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }
  }

  /** x / sqrt(mean(x*x) + eps) * scale; in place allowed. Zhang and Sennrich 2019. */
  record RmsNorm(Buffer in, Weight scale, float eps, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of(scale);
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }
  }

  /**
   * out = weight * in (+ bias) (+ out, if {@code accumulate}).
   *
   * @param weight [out.width, in.width]
   * @param bias [out.width] or null
   */
  record MatMul(Buffer in, Weight weight, @Nullable Weight bias, boolean accumulate, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return bias == null ? List.of(weight) : List.of(weight, bias);
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }
  }

  /** Rotates each head of {@code x} by its row's position, in place. Su et al. 2021. */
  record Rope(Buffer x, int heads, int headDim, float theta, RopeLayout layout) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(x);
    }
  }

  /** Appends each row's key and value to its slot at its position. */
  record StoreKv(Buffer keys, Buffer values, KvCache cache) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(keys, values);
    }

    @Override
    public List<KvCache> caches() {
      return List.of(cache);
    }
  }

  /**
   * Causal attention: each row over positions 0 to its own of its slot in {@code cache}, scores scaled by
   * 1/sqrt(headDim); query head h reads key-value head h / (heads / kvHeads).
   *
   * @param window how many of the latest positions are seen, or 0 for all
   */
  record CachedAttention(Buffer query, KvCache cache, int heads, int window, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(query, out);
    }

    @Override
    public List<KvCache> caches() {
      return List.of(cache);
    }
  }

  /** Attention of each row over all rows of the same slot in this batch, scores scaled by 1/sqrt(headDim). */
  record SelfAttention(Buffer query, Buffer key, Buffer value, int heads, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(query, key, value, out);
    }
  }

  /** x = function(x), in place. */
  record Activate(Activation function, Buffer x) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(x);
    }
  }

  /** gate = function(gate) * up, in place. */
  record Gate(Activation function, Buffer gate, Buffer up) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(gate, up);
    }
  }

  /** Keeps the rows that the batch asks results for: [rows, w] to [outputs, w]. */
  record Select(Buffer in, Buffer out) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }
  }

  /**
   * Greedy choice: each row of {@code out}, of width 1, is the column of the largest value of that row of {@code in},
   * see {@link #columnOf}. A column is a float32 like all that buffers hold, which is exact for rows of up to 2^24.
   */
  record ArgMax(Buffer in, Buffer out) implements Op {

    /** A value that is not larger than this counts as none. Finite, for devices whose compilers know no infinities. */
    public static final float LOWEST = -1e30f;

    private static final int MAX_WIDTH = 1 << 24;

    public ArgMax {
      if (in.width() > MAX_WIDTH || out.width() != 1 || in.extent() != out.extent()) {
        throw new IllegalArgumentException(
            "the columns of " + in + " need a buffer of width 1 and as many rows, not " + out + ", and at most "
                + MAX_WIDTH + " columns");
      }
    }

    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }

    /**
     * The first column of the largest of the {@code width} values from {@code from} on. A NaN is never the largest; -1 if
     * no value is larger than {@link #LOWEST}.
     */
    public static int columnOf(float[] values, int from, int width) {
      int best = -1;
      float largest = LOWEST;
      for (int i = 0; i < width; i++) {
        if (values[from + i] > largest) {
          largest = values[from + i];
          best = i;
        }
      }
      return best;
    }
  }

  /**
   * For traces: copies the wanted rows of {@code in} to columns {@code firstColumn + layer * in.width} and on of
   * {@code out}.
   */
  record Capture(Buffer in, Buffer out, int firstColumn) implements Op {
    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public List<Buffer> buffers() {
      return List.of(in, out);
    }
  }

  /** Which values of a head are rotated together. */
  enum RopeLayout {
    /** Value i with value i + headDim/2: Hugging Face, PaddleNLP, the original LLaVA. */
    HALF_SPLIT,
    /** Value 2i with value 2i + 1: Meta's layout, as in llama.cpp's files. */
    INTERLEAVED
  }

  /** A function of one value. */
  enum Activation {
    /** x * sigmoid(1.702 * x), CLIP's. */
    QUICK_GELU,
    /** x * Phi(x) with the error function. */
    GELU,
    /** x * sigmoid(x). */
    SILU
  }
}
