package io.github.llava4j.kernels.tornado;

import io.github.llava4j.kernels.tornado.kernel.Marks;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The emulator shows the mistakes that it is there for. */
class EmulatedGroupTest {

  private static final int ITEMS = 8;

  private final FloatArray out = new FloatArray(ITEMS);

  private void run(Launch.K6<FloatArray, Integer, Integer, Integer, Integer> kernel) {
    new EmulatedGroup(Launch.of("test", Marks.NONE, new Grid(shape -> 1, ITEMS), kernel, out, 0, 0, 0, 0), 0, ITEMS, ITEMS).run();
  }

  static void reverse(KernelContext context, FloatArray out, int a, int b, int c, int d) {
    float[] shared = context.allocateFloatLocalArray(ITEMS);
    shared[context.localIdx] = context.globalIdx;
    context.localBarrier();
    out.set(context.localIdx, shared[ITEMS - 1 - context.localIdx]);
  }

  @Test
  void itemsShareLocalArraysAndMeet() {
    run(EmulatedGroupTest::reverse);
    assertThat(out.toHeapArray()).containsExactly(7, 6, 5, 4, 3, 2, 1, 0);
  }

  static void diverging(KernelContext context, FloatArray out, int a, int b, int c, int d) {
    if (context.localIdx < ITEMS / 2) {
      context.localBarrier();
    }
  }

  @Test
  void someItemsEndWhileOthersWait() {
    assertThatThrownBy(() -> run(EmulatedGroupTest::diverging)).hasMessageContaining("ended while others wait");
  }

  static void crossing(KernelContext context, FloatArray out, int a, int b, int c, int d) {
    if (context.localIdx < ITEMS / 2) {
      context.localBarrier();
    } else {
      context.localBarrier();
    }
  }

  @Test
  void itemsMeetAtDifferentBarriers() {
    assertThatThrownBy(() -> run(EmulatedGroupTest::crossing)).hasMessageContaining("different barriers");
  }

  static void unset(KernelContext context, FloatArray out, int a, int b, int c, int d) {
    out.set(context.localIdx, context.allocateFloatLocalArray(ITEMS)[context.localIdx]);
  }

  @Test
  void localArraysStartWithGarbage() {
    run(EmulatedGroupTest::unset);
    assertThat(out.get(0)).isNaN();
  }
}
