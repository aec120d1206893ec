package io.github.llava4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.llava4j.kernels.AbortFlag;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.DeviceMemoryException;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.tornado.kernel.Attention;
import io.github.llava4j.kernels.tornado.kernel.BatchLayout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** A program whose parameters and caches live on a device; a run sends its batch and brings back its outputs. */
final class TornadoProgram implements Compiled {

  private static final Logger LOG = LoggerFactory.getLogger(TornadoProgram.class);
  /** Uploads above this size report their progress. */
  private static final long LARGE = 1L << 28;

  private final Program program;
  private final Limits limits;
  private final AbortFlag abort;
  /** Null once closed, so that the arrays on the host can go, too. */
  private @Nullable Loaded loaded;

  /** What is on the device. */
  private record Loaded(
      Lowering lowering, Device.Runner runner, Witness witness, MemoryPool.Lease device, MemoryPool.Lease host) {}

  /**
   * @throws DeviceMemoryException if the program does not fit beside the others of the device
   * @throws DeviceException if the device fails
   */
  TornadoProgram(Program program, Limits limits, Device device, @Nullable Format requantized) {
    this.program = program;
    this.limits = limits;
    this.abort = new AbortFlag(program.name());
    DeviceArrays plan = new DeviceArrays(device.largestArray(), true);
    new Lowering(program, limits, plan, requantized);
    MemoryPool.Lease onDevice = device.memory().take(program.name(), plan.bytes());
    MemoryPool.Lease onHost = null;
    try {
      onHost = device.hostMemory().take(program.name(), plan.bytes());
      loaded = load(device, requantized, onDevice, onHost);
    } catch (RuntimeException | Error e) {
      onDevice.close();
      if (onHost != null) {
        onHost.close();
      }
      if (e instanceof OutOfMemoryError) {
        throw new DeviceMemoryException(
            program.name() + " needs " + (plan.bytes() >> 20) + " MiB of direct memory, and others in this JVM hold too much"
                + " of it (" + e.getMessage() + "): start java with a larger -XX:MaxDirectMemorySize", e);
      }
      throw e;
    }
  }

  private Loaded load(Device device, @Nullable Format requantized, MemoryPool.Lease onDevice, MemoryPool.Lease onHost) {
    DeviceArrays arrays = new DeviceArrays(device.largestArray(), false);
    Lowering lowering = new Lowering(program, limits, arrays, requantized);
    fill(lowering.pending());
    List<TornadoNativeArray> shared = new ArrayList<>(arrays.floats());
    shared.addAll(arrays.ints());
    long start = System.nanoTime();
    Device.Runner runner = device.prepare(program.name(), lowering.graphs(), shared, lowering.read());
    Witness witness = new Witness(program.name(), lowering.graphs(), runner, lowering.marks());
    try {
      witness.checkUpload(lowering.samples());
    } catch (RuntimeException | Error e) {
      runner.close();
      throw e;
    }
    LOG.info(
        "{}: {} arrays of {} MiB together are on {} after {} ms", program.name(), shared.size(), arrays.bytes() >> 20,
        device.describe(), (System.nanoTime() - start) / 1_000_000);
    return new Loaded(lowering, runner, witness, onDevice, onHost);
  }

  /** Unpacks the tensors into the arrays, which are uploaded afterwards. */
  private void fill(List<Stacks.Pending> pending) {
    long total = pending.stream().mapToLong(item -> item.tensor().data().byteSize()).sum();
    AtomicLong done = new AtomicLong();
    pending.parallelStream().forEach(item -> {
      item.write().run();
      long bytes = item.tensor().data().byteSize();
      long now = done.addAndGet(bytes);
      if (total > LARGE && now * 10 / total > (now - bytes) * 10 / total) {
        LOG.info("{}: {} % of {} MiB of weights are ready to upload", program.name(), now * 100 / total, total >> 20);
      }
    });
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public Map<Buffer, float[]> run(Batch batch, Map<Buffer, float[]> inputs, List<Buffer> wanted) {
    Lowering lowering = open().lowering();
    limits.check(program, batch, inputs, wanted);
    checkTokens(batch);
    loaded.witness().begin();
    RunShape shape = send(batch, lowering.batch());
    for (Buffer input : program.inputs()) {
      if (needed(input, batch)) {
        Lowering.Upload upload = lowering.upload(input);
        int values = batch.count(input.extent()) * input.width();
        MemorySegment.copy(inputs.get(input), 0, upload.stage().getSegment(), ValueLayout.JAVA_FLOAT, 0, values);
        int order = order(upload.graph());
        upload.stage().set(upload.seal(), order);
        loaded.runner().run(upload.graph(), shape);
      }
    }
    for (Step step : lowering.steps()) {
      int graph = step.graph(shape);
      for (int layer = 0; layer < step.layers(); layer++) {
        lowering.batch().set(BatchLayout.LAYER, layer);
        lowering.batch().set(BatchLayout.ROUND, step.first() + layer);
        order(graph);
        loaded.runner().run(graph, shape);
      }
    }
    loaded.witness().check();
    Map<Buffer, float[]> results = new HashMap<>();
    for (Buffer output : wanted) {
      float[] rows = new float[batch.count(output.extent()) * output.width()];
      if (rows.length > 0) {
        loaded.witness().read(lowering.buffer(output), rows);
      }
      results.put(output, rows);
    }
    return results;
  }

  /** Puts the number of its order into the batch of a graph, unless the run is to end: what a device has begun it finishes. */
  private int order(int graph) {
    abort.check();
    int order = loaded.witness().order(graph);
    loaded.lowering().batch().set(BatchLayout.ORDER, order);
    return order;
  }

  /** Whether this run reads {@code input}: embeddings are given for some rows of some batches only. */
  private boolean needed(Buffer input, Batch batch) {
    boolean embeddings = program.ops().stream()
        .anyMatch(op -> op instanceof Op.Embed embed && embed.given().equals(input));
    return !embeddings || Arrays.stream(batch.tokens()).anyMatch(token -> token < 0);
  }

  /** A device would read whatever lies behind the table. */
  private void checkTokens(Batch batch) {
    for (Op op : program.ops()) {
      if (op instanceof Op.Embed embed) {
        for (int token : batch.tokens()) {
          if (token >= embed.table().rows()) {
            throw new IllegalArgumentException(
                "token " + token + " is beyond the " + embed.table().rows() + " rows of " + embed.table().name());
          }
        }
      }
    }
  }

  /** Writes the batch where the kernels read it. */
  private RunShape send(Batch batch, IntArray to) {
    int capacity = limits.rows();
    int rows = batch.rows();
    put(batch.tokens(), to, BatchLayout.tokens(capacity));
    put(batch.slots(), to, BatchLayout.slots(capacity));
    put(batch.positions(), to, BatchLayout.positions(capacity));
    put(batch.outputs(), to, BatchLayout.outputs(capacity));
    int tiles = 0;
    for (int first = 0; first < rows; ) {
      int end = first + 1;
      while (end < rows && batch.slots()[end] == batch.slots()[first]) {
        end++;
      }
      for (int row = first; row < end; row += Attention.QUERY_TILE) {
        int at = BatchLayout.tiles(capacity) + tiles++ * BatchLayout.TILE;
        to.set(at, row);
        to.set(at + 1, Math.min(Attention.QUERY_TILE, end - row));
        to.set(at + 2, batch.slots()[row]);
        to.set(at + 3, first);
        to.set(at + 4, end - first);
      }
      first = end;
    }
    int last = Arrays.stream(batch.positions()).max().orElse(0);
    // A device cannot run nothing: where no row is wanted it computes one that nobody reads.
    if (batch.outputs().length == 0) {
      to.set(BatchLayout.outputs(capacity), 0);
    }
    RunShape shape = new RunShape(
        rows, Math.max(1, batch.outputs().length), batch.slotCount(), last / Attention.CHUNK + 1, tiles, 0);
    to.set(BatchLayout.ROWS, shape.rows());
    to.set(BatchLayout.OUTPUTS, shape.outputs());
    to.set(BatchLayout.SLOTS, shape.slots());
    to.set(BatchLayout.CHUNKS, shape.chunks());
    return shape;
  }

  private static void put(int[] from, IntArray to, int at) {
    for (int i = 0; i < from.length; i++) {
      to.set(at + i, from[i]);
    }
  }

  @Override
  public void copySlot(int from, int to, int length) {
    Lowering lowering = open().lowering();
    if (lowering.copyGraph() >= 0 && length > 0) {
      loaded.witness().begin();
      lowering.batch().set(BatchLayout.COPY_FROM, from);
      lowering.batch().set(BatchLayout.COPY_TO, to);
      lowering.batch().set(BatchLayout.COPY_LENGTH, length);
      order(lowering.copyGraph());
      loaded.runner().run(lowering.copyGraph(), RunShape.copy(length));
      loaded.witness().check();
    }
  }

  @Override
  public void abort() {
    abort.raise();
  }

  private Loaded open() {
    if (loaded == null) {
      throw new IllegalStateException(program.name() + " is closed");
    }
    abort.check();
    return loaded;
  }

  @Override
  public void close() {
    Loaded gone = loaded;
    loaded = null;
    if (gone != null) {
      try {
        gone.runner().close();
      } finally {
        gone.device().close();
        gone.host().close();
      }
    }
  }
}
