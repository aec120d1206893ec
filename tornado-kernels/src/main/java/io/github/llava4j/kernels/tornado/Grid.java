package io.github.llava4j.kernels.tornado;

import java.util.function.ToIntFunction;

/**
 * How many work items a kernel gets.
 *
 * @param groups how many groups a run needs
 * @param local work items per group
 */
record Grid(ToIntFunction<RunShape> groups, int local) {

  private static final int ITEMS = 128;

  /** One item per value, rounded up to whole groups: a device refuses others. */
  static Grid items(ToIntFunction<RunShape> items) {
    return new Grid(shape -> (items.applyAsInt(shape) + ITEMS - 1) / ITEMS, ITEMS);
  }

  /** A single item. */
  static Grid one() {
    return new Grid(shape -> 1, 1);
  }

  /** Work items of a run. */
  int global(RunShape shape) {
    return Math.multiplyExact(Math.max(1, groups.applyAsInt(shape)), local);
  }
}
