package io.github.llava4j.kernels.tornado.kernel;

/**
 * Where a kernel finds what one run works on, in an IntArray: a head of single numbers, then sections of {@code
 * capacity} numbers each, then the query tiles. Numbers that change from run to run must come from an array:
 * TornadoVM compiles the value of a scalar argument into the kernel.
 */
public final class BatchLayout {

  /** How many rows, wanted rows, and slots the batch has; a kernel is told which of the three counts its work. */
  public static final int ROWS = 0;
  public static final int OUTPUTS = 1;
  public static final int SLOTS = 2;
  /** Layer within the stack of the running graph. */
  public static final int LAYER = 3;
  /** Layer of the whole program, for captures. */
  public static final int ROUND = 4;
  /** Chunks of {@link Attention#CHUNK} keys that the longest row sees. */
  public static final int CHUNKS = 5;
  public static final int COPY_FROM = 6;
  public static final int COPY_TO = 7;
  public static final int COPY_LENGTH = 8;
  /** The number of the order that this batch came with, see {@link Marks}; not 0. */
  public static final int ORDER = 9;
  private static final int HEAD = 16;

  /** Numbers per query tile: the first row, how many rows, their slot, the slot's first row and how many it has. */
  public static final int TILE = 5;

  private BatchLayout() {}

  /** Token of row 0, or -1. */
  public static int tokens(int capacity) {
    return HEAD;
  }

  /** Slot of row 0. */
  public static int slots(int capacity) {
    return HEAD + capacity;
  }

  /** Position of row 0. */
  public static int positions(int capacity) {
    return HEAD + 2 * capacity;
  }

  /** Row of wanted row 0. */
  public static int outputs(int capacity) {
    return HEAD + 3 * capacity;
  }

  /** Query tile 0. */
  public static int tiles(int capacity) {
    return HEAD + 4 * capacity;
  }

  /** Length of all of it; in the worst case each row is a tile of its own. */
  public static int size(int capacity) {
    return tiles(capacity) + TILE * capacity;
  }
}
