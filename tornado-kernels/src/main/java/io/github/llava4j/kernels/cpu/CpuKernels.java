package io.github.llava4j.kernels.cpu;

import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * The arithmetic of the CPU backends, on row-major float32 arrays. An implementation spreads its work over the {@link
 * Workers} it was made with and returns when all is done. The meaning of each method is that of the {@link Op} of the
 * same name.
 */
public interface CpuKernels {

  /** Makes a matrix ready for products, once for all runs of a program, which keeps it. */
  CpuMatrix prepare(Tensor matrix);

  void rmsNorm(float[] in, int rows, float[] scale, float eps, float[] out);

  void layerNorm(float[] in, int rows, float[] scale, float[] shift, float eps, float[] out);

  /**
   * @param x [rows, heads * headDim]
   * @param cos [rows, headDim / 2], cosine of each row's angles
   * @param sin likewise
   */
  void rope(float[] x, int rows, int heads, int headDim, float[] cos, float[] sin, Op.RopeLayout layout);

  /**
   * @param query [rows, heads * headDim]
   * @param slots sequence of each row
   * @param positions position of each row; its keys and values are already in {@code cache}
   * @param window latest positions seen, 0 for all
   */
  void cachedAttention(
      float[] query, int rows, int[] slots, int[] positions, KvStore cache, int layer, int heads, int window, float[] out);

  /**
   * @param slots rows of one slot are adjacent and attend to one another
   * @param width heads * headDim
   */
  void selfAttention(
      float[] query, float[] key, float[] value, int rows, int[] slots, int heads, int width, float[] out);

  void activate(Op.Activation function, float[] x, int count);

  void gate(Op.Activation function, float[] gate, float[] up, int count);
}
