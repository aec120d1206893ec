package io.github.llava4j.kernels.tornado;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * The work items of one group on a plain JVM: a virtual thread each, local arrays that they share, and barriers at
 * which all of them must meet at the same place of the kernel.
 */
final class EmulatedGroup {

  private static final StackWalker STACK = StackWalker.getInstance();

  private final Launch launch;
  private final int group;
  private final int size;
  private final int global;
  private final List<float[]> locals = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private int arrived;
  private String place;
  private volatile int finished;
  private volatile int phase;
  private volatile Throwable failure;

  /**
   * @param group its number
   * @param size work items
   * @param global work items of all groups
   */
  EmulatedGroup(Launch launch, int group, int size, int global) {
    this.launch = launch;
    this.group = group;
    this.size = size;
    this.global = global;
  }

  void run() {
    // A kernel without local memory and barriers needs no threads; one with them asks before it writes anything.
    try {
      for (int item = 0; item < size; item++) {
        launch.call(new Item(item, false));
      }
      return;
    } catch (NeedsThreads e) {
      locals.clear();
    }
    for (int item = 0; item < size; item++) {
      Item context = new Item(item, true);
      threads.add(Thread.ofVirtual().unstarted(() -> runItem(context)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    if (failure != null) {
      throw new AssertionError(launch.kernel() + ", group " + group + ": " + failure.getMessage(), failure);
    }
  }

  private void runItem(Item context) {
    try {
      launch.call(context);
    } catch (Throwable e) {
      synchronized (this) {
        failure = failure == null ? e : failure;
      }
    }
    synchronized (this) {
      finished++;
    }
    wakeAll();
  }

  /** Parking costs a virtual thread far less than waiting at a monitor. */
  private void wakeAll() {
    threads.forEach(LockSupport::unpark);
  }

  private void meet(String here) {
    int mine = phase;
    if (arrives(here)) {
      wakeAll();
      return;
    }
    while (phase == mine) {
      if (failure != null) {
        throw new IllegalStateException("another work item failed", failure);
      }
      if (finished > 0) {
        throw new IllegalStateException("work items ended while others wait at the barrier " + here);
      }
      LockSupport.park();
    }
  }

  /** Whether this was the last one. */
  private synchronized boolean arrives(String here) {
    if (arrived == 0) {
      place = here;
    } else if (!place.equals(here)) {
      throw new IllegalStateException("work items meet at different barriers: " + place + " and " + here);
    }
    arrived++;
    if (arrived < size) {
      return false;
    }
    arrived = 0;
    phase++;
    return true;
  }

  private synchronized float[] local(int index, int length) {
    if (index == locals.size()) {
      float[] fresh = new float[length];
      // Local memory starts with whatever was there.
      Arrays.fill(fresh, Float.NaN);
      locals.add(fresh);
    }
    return locals.get(index);
  }

  /** Thrown where a kernel asks for what only a group of threads has. */
  private static final class NeedsThreads extends RuntimeException {
    private static final long serialVersionUID = 1;

    NeedsThreads() {
      super(null, null, false, false);
    }
  }

  private final class Item extends KernelContext {
    private final boolean threaded;
    private int allocations;

    Item(int item, boolean threaded) {
      this.threaded = threaded;
      set(this, GLOBAL_ID, group * size + item);
      set(this, LOCAL_ID, item);
      set(this, GROUP_ID, group);
      set(this, GLOBAL_SIZE, global);
      set(this, LOCAL_SIZE, size);
    }

    @Override
    public void localBarrier() {
      if (!threaded) {
        throw new NeedsThreads();
      }
      meet(group == 0 ? caller() : "of a later group");
    }

    /** The barrier's place in the kernel; finding it costs more than all else, and one group shows where they meet. */
    private String caller() {
      return STACK.walk(frames -> frames.skip(2).findFirst())
          .map(frame -> frame.getMethodName() + ", line " + frame.getLineNumber()).orElseThrow();
    }

    @Override
    public float[] allocateFloatLocalArray(int length) {
      if (!threaded) {
        throw new NeedsThreads();
      }
      return local(allocations++, length);
    }
  }

  private static final Field GLOBAL_ID = field("globalIdx");
  private static final Field LOCAL_ID = field("localIdx");
  private static final Field GROUP_ID = field("groupIdx");
  private static final Field GLOBAL_SIZE = field("globalGroupSizeX");
  private static final Field LOCAL_SIZE = field("localGroupSizeX");

  private static Field field(String name) {
    try {
      Field field = KernelContext.class.getField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void set(KernelContext context, Field field, int value) {
    try {
      field.set(context, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
