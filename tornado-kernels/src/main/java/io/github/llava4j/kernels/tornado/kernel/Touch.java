package io.github.llava4j.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Reads from arrays so that TornadoVM allocates and uploads them, which it does for the arguments of kernels only. */
public final class Touch {

  /** How many arrays one kernel reads from. */
  public static final int ARRAYS = 13;

  private Touch() {}

  /** One work item. */
  public static void floats(
      KernelContext context, FloatArray a, FloatArray b, FloatArray c, FloatArray d, FloatArray e, FloatArray f,
      FloatArray g, FloatArray h, FloatArray i, FloatArray j, FloatArray k, FloatArray l,
      FloatArray m, FloatArray sink) {
    if (context.globalIdx == 0) {
      sink.set(0, a.get(0) + b.get(0) + c.get(0) + d.get(0) + e.get(0) + f.get(0) + g.get(0)
          + h.get(0) + i.get(0) + j.get(0) + k.get(0) + l.get(0) + m.get(0));
    }
  }

  /** One work item. */
  public static void ints(
      KernelContext context, IntArray a, IntArray b, IntArray c, IntArray d, IntArray e, IntArray f,
      IntArray g, IntArray h, IntArray i, IntArray j, IntArray k, IntArray l,
      IntArray m, FloatArray sink) {
    if (context.globalIdx == 0) {
      sink.set(0, (float) (a.get(0) + b.get(0) + c.get(0) + d.get(0) + e.get(0) + f.get(0) + g.get(0)
          + h.get(0) + i.get(0) + j.get(0) + k.get(0) + l.get(0) + m.get(0)));
    }
  }
}
