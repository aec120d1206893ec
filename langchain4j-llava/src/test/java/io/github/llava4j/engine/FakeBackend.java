package io.github.llava4j.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.RunAbortedException;

/**
 * A device that computes no model but a hash: what follows depends on every position of a sequence, on its slot and on
 * nothing else. So whoever mixes up slots, positions, pictures or copies gets other tokens. It fails when it is told to,
 * and leaves garbage behind then, as a device would.
 */
final class FakeBackend implements Backend {

  /** What is called. */
  enum Call {
    COMPILE_VISION,
    COMPILE_DECODER,
    SEE,
    DECODE,
    COPY
  }

  /** Decides what goes wrong. */
  @FunctionalInterface
  interface Faults {

    Faults NONE = (call, device) -> { };

    /** Is called before each call; may throw, wait, or have the device's next results spoilt. */
    void before(Call call, FakeBackend device);
  }

  /** The first tokens of a vocabulary are special. */
  private static final int FIRST_TOKEN = 3;

  private final Faults faults;
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean closed;
  private volatile boolean aborted;
  /** The slot whose next result is no number; -1 for none. */
  private volatile int spoilt = -1;

  FakeBackend(Faults faults) {
    this.faults = faults;
  }

  /** The next run gives no numbers for {@code slot}. */
  void spoil(int slot) {
    spoilt = slot;
  }

  /** Waits as a CPU does: until the time is over or the run is aborted. */
  void work(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      requireGoingOn();
      sleep(1);
    }
  }

  /** Waits as a device does, which nobody can stop. */
  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the engine's thread", e);
    }
  }

  private void requireGoingOn() {
    if (aborted) {
      throw new RunAbortedException("aborted");
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Programs that were compiled and not closed. */
  int openPrograms() {
    return open.get();
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public String describe() {
    return "no model at all";
  }

  @Override
  public Compiled compile(Program program, Limits limits) {
    boolean vision = program.name().equals("vision tower");
    faults.before(vision ? Call.COMPILE_VISION : Call.COMPILE_DECODER, this);
    open.incrementAndGet();
    return vision ? new Vision(program) : new Decoding(program, limits);
  }

  @Override
  public void close() {
    if (open.get() != 0) {
      throw new AssertionError("the backend is closed before its programs");
    }
    closed = true;
  }

  private static long mix(long seed, long value) {
    long mixed = (seed ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ mixed >>> 29;
  }

  private abstract class Fake implements Compiled {
    private final Program program;
    private boolean isOpen = true;

    Fake(Program program) {
      this.program = program;
    }

    @Override
    public Program program() {
      return program;
    }

    @Override
    public void abort() {
      aborted = true;
    }

    void before(Call call) {
      if (!isOpen) {
        throw new AssertionError("used after close");
      }
      requireGoingOn();
      faults.before(call, FakeBackend.this);
    }

    @Override
    public void close() {
      if (isOpen) {
        isOpen = false;
        open.decrementAndGet();
      }
    }
  }

  private final class Vision extends Fake {

    Vision(Program program) {
      super(program);
    }

    @Override
    public Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
      before(Call.SEE);
      long hash = 1;
      for (float pixel : inputs.get(program().inputs().getFirst())) {
        hash = mix(hash, Float.floatToIntBits(pixel));
      }
      Map<Buffer, float[]> results = new HashMap<>();
      for (Buffer buffer : wanted) {
        float[] rows = new float[batch.count(buffer.extent()) * buffer.width()];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = (int) (mix(hash, i) >>> 40);
        }
        results.put(buffer, rows);
      }
      return results;
    }

    @Override
    public void copySlot(int from, int to, int length) {
      throw new AssertionError("a tile has no past");
    }
  }

  private final class Decoding extends Fake {
    private final long[][] past;

    Decoding(Program program, Limits limits) {
      super(program);
      past = new long[limits.slots()][limits.context()];
    }

    @Override
    public Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
      // Half of the rows are written when a run fails.
      for (int row = 0; row < batch.rows(); row += 2) {
        past[batch.slots()[row]][batch.positions()[row]] = -1;
      }
      before(Call.DECODE);
      Buffer embeddings = program().inputs().getFirst();
      float[] given = inputs.get(embeddings);
      for (int row = 0; row < batch.rows(); row++) {
        long value = batch.tokens()[row];
        if (value < 0) {
          value = Float.floatToIntBits(given[row * embeddings.width()]) | Long.MIN_VALUE;
        }
        past[batch.slots()[row]][batch.positions()[row]] = value;
      }
      int spoiltSlot = spoilt;
      spoilt = -1;
      Map<Buffer, float[]> results = new HashMap<>();
      for (Buffer buffer : wanted) {
        float[] rows = new float[batch.outputs().length * buffer.width()];
        for (int i = 0; i < batch.outputs().length; i++) {
          int next = next(batch, batch.outputs()[i]);
          boolean spoil = batch.slots()[batch.outputs()[i]] == spoiltSlot;
          switch (buffer.name()) {
            case "greedy" -> rows[i] = spoil ? -1 : next;
            case "logits" -> {
              for (int column = 0; column < buffer.width(); column++) {
                rows[i * buffer.width() + column] = spoil ? Float.NaN : column == next ? 9 : 0;
              }
            }
            default -> throw new AssertionError("nobody wants " + buffer);
          }
        }
        results.put(buffer, rows);
      }
      return results;
    }

    private int next(Batch batch, int row) {
      long hash = 7;
      for (int position = 0; position <= batch.positions()[row]; position++) {
        hash = mix(hash, past[batch.slots()[row]][position]);
      }
      int vocabulary = program().outputs().getFirst().width();
      return FIRST_TOKEN + (int) Math.floorMod(hash >>> 7, (long) vocabulary - FIRST_TOKEN);
    }

    @Override
    public void copySlot(int from, int to, int length) {
      System.arraycopy(past[from], 0, past[to], 0, length / 2);
      before(Call.COPY);
      System.arraycopy(past[from], 0, past[to], 0, length);
    }
  }
}
