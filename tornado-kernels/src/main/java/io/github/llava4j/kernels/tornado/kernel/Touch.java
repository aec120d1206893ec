package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Reads from arrays so that TornadoVM allocates and uploads them, which it does for the arguments of kernels only, and keeps
 * the first value of each as a sample of what has arrived. One work item.
 */
public final class Touch {

  /** How many arrays one kernel reads from. */
  public static final int ARRAYS = 12;

  private Touch() {}

  /** @param at where in {@code samples} the first one goes */
  public static void floats(
      KernelContext context, FloatArray a, FloatArray b, FloatArray c, FloatArray d, FloatArray e, FloatArray f,
      FloatArray g, FloatArray h, FloatArray i, FloatArray j, FloatArray k, FloatArray l, FloatArray samples, int at) {
    if (context.globalIdx == 0) {
      samples.set(at, a.get(0));
      samples.set(at + 1, b.get(0));
      samples.set(at + 2, c.get(0));
      samples.set(at + 3, d.get(0));
      samples.set(at + 4, e.get(0));
      samples.set(at + 5, f.get(0));
      samples.set(at + 6, g.get(0));
      samples.set(at + 7, h.get(0));
      samples.set(at + 8, i.get(0));
      samples.set(at + 9, j.get(0));
      samples.set(at + 10, k.get(0));
      samples.set(at + 11, l.get(0));
    }
  }

  /** @param at where in {@code samples} the first one goes */
  public static void ints(
      KernelContext context, IntArray a, IntArray b, IntArray c, IntArray d, IntArray e, IntArray f,
      IntArray g, IntArray h, IntArray i, IntArray j, IntArray k, IntArray l, IntArray samples, int at) {
    if (context.globalIdx == 0) {
      samples.set(at, a.get(0));
      samples.set(at + 1, b.get(0));
      samples.set(at + 2, c.get(0));
      samples.set(at + 3, d.get(0));
      samples.set(at + 4, e.get(0));
      samples.set(at + 5, f.get(0));
      samples.set(at + 6, g.get(0));
      samples.set(at + 7, h.get(0));
      samples.set(at + 8, i.get(0));
      samples.set(at + 9, j.get(0));
      samples.set(at + 10, k.get(0));
      samples.set(at + 11, l.get(0));
    }
  }
}
