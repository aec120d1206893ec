package io.github.llava4j.kernels.vector;

/**
 * Float arrays that are kept from call to call, so that a running decoder allocates nothing. Not thread-safe: each worker
 * has one. Operations run one after the other and share the arrays; what is in them is then undefined.
 */
final class Scratch {

  private static final int ARRAYS = 8;

  private final float[][] arrays = new float[ARRAYS][0];

  /** Array number {@code which}, at least {@code size} long. */
  float[] floats(int which, int size) {
    if (arrays[which].length < size) {
      arrays[which] = new float[size];
    }
    return arrays[which];
  }
}
