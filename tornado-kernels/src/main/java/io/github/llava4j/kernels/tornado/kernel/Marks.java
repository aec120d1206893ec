package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What kernels leave behind to show that they ran, because a driver's refusal of a launch or of a transfer does not come
 * out of TornadoVM: each adds the number of its order, which came with the batch, to a sum of its own. A launch that was
 * refused is missing from the sum, and one that worked on an old batch has added the wrong number. One work item does it, once per
 * launch; launches of a program follow one another, so nobody else is at it.
 */
public final class Marks {

  /** Of kernels that show otherwise that they ran. */
  public static final int NONE = -1;

  public static final int COPY = 0;
  public static final int EMBED = 1;
  public static final int PATCH_EMBED = 2;
  public static final int LAYER_NORM = 3;
  public static final int RMS_NORM = 4;
  public static final int ADD_LAYER_NORM = 5;
  public static final int ADD_RMS_NORM = 6;
  public static final int MAT_VEC = 7;
  public static final int MAT_MUL = 8;
  public static final int PROJECTIONS_MAT_VEC = 9;
  public static final int GATED_MAT_VEC = 10;
  public static final int ROPE = 11;
  public static final int STORE_KV = 12;
  public static final int ROTATE_AND_STORE = 13;
  public static final int ATTENTION = 14;
  public static final int ATTENTION_CHUNK = 15;
  public static final int ATTENTION_COMBINE = 16;
  public static final int ACTIVATE = 17;
  public static final int GATE = 18;
  public static final int PICK = 19;
  public static final int ARG_MAX = 20;
  public static final int COPY_SLOT = 21;
  /** How many sums there are. */
  public static final int SUMS = 22;

  /** Where {@link #SEALED} lies behind the sums on the device: the host, which has something else there, sees a read by it. */
  public static final int SEAL = SUMS;
  public static final int SEALED = 0x5eaed;
  public static final int SIZE = SEAL + 1;

  private Marks() {}

  /**
   * Leaves the mark of a launch.
   *
   * @param item the work item; the first one leaves it
   * @param kernel its sum
   */
  static void leave(int item, IntArray batch, IntArray marks, int kernel) {
    if (item == 0) {
      marks.set(kernel, marks.get(kernel) + batch.get(BatchLayout.ORDER));
    }
  }
}
