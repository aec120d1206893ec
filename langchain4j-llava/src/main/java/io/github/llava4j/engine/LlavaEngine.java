package io.github.llava4j.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.EngineException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.PromptException;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.constraint.token.TokenTable;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendUnavailableException;
import io.github.llava4j.kernels.CompileOptions;
import io.github.llava4j.kernels.DeviceMemoryException;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.MemoryPlan;
import io.github.llava4j.kernels.RunAbortedException;
import io.github.llava4j.kernels.select.Backends;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.Output;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model that answers requests: thread-safe, with a bounded line and one thread that owns the device. Sequences
 * that run at the same time share its batches; pictures and prompt beginnings seen before are not computed again.
 *
 * <p>Every request ends: with an answer, or with an exception that says why there is none. What goes wrong with one
 * request is that request's alone; a device that fails several times in a row closes the engine.
 */
public final class LlavaEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LlavaEngine.class);
  private static final GenerationListener SILENT = new GenerationListener() { };
  /** How long {@link #close} waits for a device that cannot be interrupted. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

  private final Checkpoint files;
  private final LlavaModel model;
  private final Backend backend;
  private final EngineOptions options;
  private final int context;
  private final BudgetCache<PictureKey, float[]> imageCache;
  private final Preparation preparation;
  private final Admission admission;
  private final Thread thread;
  private final double loadMs;
  private volatile @Nullable DeviceLoop loop;
  private volatile boolean closing;
  private @Nullable TokenTable tokenTable;

  /**
   * Loads a model. If that fails, everything that was opened on the way is closed again.
   *
   * @throws io.github.llava4j.CheckpointException if the files are missing, damaged or not supported
   * @throws InsufficientMemoryException if the device or the heap has too little memory
   * @throws EngineException if the options do not fit the model, or the backend cannot run in this JVM
   */
  public static LlavaEngine open(EngineOptions options) {
    long start = System.nanoTime();
    Checkpoint files = Checkpoint.open(options.source());
    LlavaModel model;
    Backend backend;
    try {
      model = LlavaModel.of(files, options.template(), options.outputs());
      backend = openBackend(options, memoryPlan(model, options).weights());
    } catch (Throwable e) {
      files.close();
      throw e;
    }
    return new LlavaEngine(files, model, backend, options, start);
  }

  private static Backend openBackend(EngineOptions options, long weightBytes) {
    try {
      return Backends.open(options.backend(), options.threads(), weightBytes);
    } catch (BackendUnavailableException | IllegalArgumentException e) {
      throw new EngineException(e.getMessage(), e);
    }
  }

  /**
   * Starts the engine's thread, which compiles the model, serves, and in the end closes {@code files} and {@code backend},
   * whatever happens.
   *
   * @param files the model's
   * @param start {@link System#nanoTime()} when loading began
   */
  LlavaEngine(Checkpoint files, LlavaModel model, Backend backend, EngineOptions options, long start) {
    this.files = files;
    this.model = model;
    this.backend = backend;
    this.options = options;
    this.context = context(model, options);
    this.imageCache =
        new BudgetCache<>(options.imageCacheBytes(), embeddings -> (long) embeddings.length * Float.BYTES);
    this.preparation = new Preparation(model, options.limits(), context, imageCache);
    this.admission = new Admission(options.limits(), options.parallel());
    CompletableFuture<Void> ready = new CompletableFuture<>();
    this.thread = Thread.ofPlatform().name("llava-engine").daemon().start(() -> run(ready));
    awaitReady(ready);
    this.loadMs = (System.nanoTime() - start) / 1e6;
    LOG.info("Loaded {} in {} ms: {}", model.name(), Math.round(loadMs), model.description());
  }

  private void awaitReady(CompletableFuture<Void> ready) {
    try {
      ready.get();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted while loading the model", e);
    } catch (ExecutionException e) {
      joinThread(CLOSE_WAIT);
      throw whyNotOpened(e.getCause());
    }
  }

  private static RuntimeException whyNotOpened(Throwable cause) {
    return switch (cause) {
      case LlavaException known -> known;
      case DeviceMemoryException e -> new InsufficientMemoryException(e.getMessage(), e);
      case OutOfMemoryError e -> new InsufficientMemoryException(
          "not enough memory to load the model (" + e.getMessage()
              + "); start java with a larger -Xmx, or choose a shorter context", e);
      default -> new EngineException("the model cannot be loaded on this backend: " + cause.getMessage(), cause);
    };
  }

  private static int context(LlavaModel model, EngineOptions options) {
    return options.context() > 0 ? options.context() : model.config().decoder().maxPositions();
  }

  private static CompileOptions decoderOptions(EngineOptions options, int context) {
    return CompileOptions.of(
            new Limits(Math.max(options.batchRows(), options.parallel()), options.parallel(), context))
        .withKvType(options.kvType());
  }

  /** The model that is loaded. Not to be used any more when the engine is closed. */
  public LlavaModel model() {
    return model;
  }

  /** The model's tokens as constraints need them; made when they are first asked for. */
  @Internal
  public synchronized TokenTable tokenTable() {
    TokenTable made = tokenTable;
    if (made == null) {
      made = TokenTable.of(model.variant().vocabulary(), model.variant().endTokens());
      tokenTable = made;
    }
    return made;
  }

  /** Where it runs, for logs and reports. */
  public BackendInfo backend() {
    return new BackendInfo(backend.id(), backend.describe());
  }

  /** What requests may cost. */
  public EngineLimits limits() {
    return options.limits();
  }

  /** Most positions of a prompt and its answer together. */
  public int context() {
    return context;
  }

  /** Milliseconds that opening took. */
  public double loadMs() {
    return loadMs;
  }

  /** Most memory that the model takes, weights included. */
  public MemoryPlan memoryPlan() {
    return memoryPlan(model, options);
  }

  /** Most memory that {@code model} would take if it were opened with {@code options}, weights included. */
  public static MemoryPlan memoryPlan(LlavaModel model, EngineOptions options) {
    Limits tile = new Limits(model.vision().rowsPerTile(), 1, model.vision().rowsPerTile());
    return MemoryPlan.of(model.decoder().program(), decoderOptions(options, context(model, options)))
        .plus(MemoryPlan.of(model.vision().program(), tile));
  }

  /** Whether requests are taken: not any more once it was drained or closed, or its device failed. */
  public boolean isOpen() {
    return admission.closed() == null;
  }

  /** Requests that wait. */
  public int queued() {
    return admission.load().waiting();
  }

  /** How it is, for health checks and reports. */
  public EngineStatus status() {
    EngineClosedException closed = admission.closed();
    Admission.Load load = admission.load();
    DeviceLoop device = loop;
    int failures = device == null ? 0 : device.failures();
    String reason = null;
    if (closed != null) {
      reason = closed.getMessage();
    } else if (failures > 0) {
      reason = "the device failed " + failures + " times in a row";
    }
    return new EngineStatus(
        closed == null, reason, load.running(), load.waiting(), load.tileBytes(), failures, memoryPlan(),
        imageCache.bytes(), preparation.cachedBytes());
  }

  /** Answers a request on the calling thread's time. */
  public GenerationResult generate(GenerationRequest request) {
    return submit(request, SILENT).await();
  }

  /**
   * Starts a request. It is measured and gets its place first; then, before this returns, its pictures are decoded and
   * its prompt is tokenised.
   *
   * @param listener hears the answer, on a thread of its own
   * @throws io.github.llava4j.PromptTooLargeException if it exceeds a limit or the model's context
   * @throws PromptException if it is wrong otherwise
   * @throws io.github.llava4j.ImageException if a picture cannot be decoded
   * @throws io.github.llava4j.EngineBusyException if too many requests wait
   * @throws io.github.llava4j.EngineTimeoutException if its time was over before its pictures were decoded
   * @throws EngineClosedException if the engine takes no requests any more
   */
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    if (request.traced() && !options.outputs().equals(Output.ALL)) {
      throw new PromptException("the engine was not opened for traces: give EngineOptions the outputs Output.ALL");
    }
    return enter(preparation.measure(request), request.timeout(), listener, generation ->
        new Sequence(request, preparation.prepare(request, generation), generation, model, context)).generation();
  }

  /**
   * What the vision tower sees in a picture: its features at the layer that the model uses, before the projector, averaged
   * over the patches of the picture as a whole (not of its tiles). Waits its turn like any request, and takes one step of
   * the vision tower. Who interrupts the calling thread cancels it.
   *
   * @return {@code visionWidth()} values, not normalised
   * @throws io.github.llava4j.PromptTooLargeException if the picture exceeds a limit
   * @throws io.github.llava4j.ImageException if it cannot be decoded
   * @throws io.github.llava4j.EngineBusyException if too many requests wait
   * @throws io.github.llava4j.EngineTimeoutException if it took too long
   * @throws EngineClosedException if the engine takes no requests any more
   */
  public float[] embed(EmbedRequest request) {
    Glance glance = enter(
        preparation.measure(request), request.timeout(), SILENT, generation -> preparation.prepare(request, generation));
    glance.generation().await();
    return glance.features();
  }

  /** How many values {@link #embed} gives. */
  public int visionWidth() {
    return model.config().vision().hidden();
  }

  /**
   * Lets a request in, and prepares it on the calling thread.
   *
   * @param bytes of its tiles
   */
  private <W extends Work> W enter(
      long bytes, @Nullable Duration own, GenerationListener listener, Function<Generation, W> prepare) {
    Ticket ticket = admission.enter(bytes);
    Duration timeout = own == null ? options.limits().timeout() : own;
    Generation generation = new Generation(listener, timeout, () -> admission.giveBack(ticket));
    try {
      W work = prepare.apply(generation);
      admission.queue(ticket, work);
      return work;
    } catch (LlavaException e) {
      generation.refuse(e);
      throw e;
    } catch (OutOfMemoryError e) {
      var failure = new InsufficientMemoryException(
          "not enough heap to prepare the request; start java with a larger -Xmx, or send smaller pictures", e);
      generation.refuse(failure);
      throw failure;
    } catch (Throwable e) {
      generation.refuse(new EngineException("the request could not be prepared: " + e, e));
      throw e;
    }
  }

  /** How many positions the prompt of {@code request} takes, those of its pictures included. Decodes no picture. */
  public int countTokens(GenerationRequest request) {
    return preparation.count(request);
  }

  /** The life of the engine's thread, which alone uses the device, and frees everything in the end. */
  private void run(CompletableFuture<Void> ready) {
    try (files; backend) {
      checkContext();
      try (DeviceLoop device =
          new DeviceLoop(model, backend, decoderOptions(options, context), imageCache, admission::giveBack)) {
        loop = device;
        ready.complete(null);
        serve(device);
      }
    } catch (Throwable e) {
      if (!ready.completeExceptionally(e) && !(closing && e instanceof RunAbortedException)) {
        LOG.error("The engine failed and is closed", e);
      }
    }
  }

  private void checkContext() {
    int trained = model.config().decoder().maxPositions();
    if (context > trained) {
      throw new EngineException("a context of " + context + " exceeds the " + trained
          + " positions that the model was trained for; choose a shorter one");
    }
  }

  private void serve(DeviceLoop device) throws InterruptedException {
    EngineClosedException end = new EngineClosedException("the engine was closed");
    try {
      while (!closing) {
        if (device.isIdle()) {
          Ticket first = admission.await();
          if (first == null) {
            break;
          }
          device.admit(first);
        }
        for (Ticket next; device.hasRoom() && (next = admission.poll()) != null;) {
          device.admit(next);
        }
        device.step();
      }
    } catch (Throwable e) {
      if (!closing) {
        end = new EngineClosedException("the engine failed and is closed: "
            + (e instanceof LlavaException ? e.getMessage() : e), e);
      }
      throw e;
    } finally {
      admission.close(end);
      preparation.close();
      device.abandon(end);
    }
  }

  /**
   * Takes no more requests, ends those that wait with an {@link EngineClosedException}, and lets those that run come to
   * their end. Returns when they have, or after {@code grace}. Does not close the engine.
   *
   * @return whether all came to their end
   */
  public boolean drain(Duration grace) {
    admission.close(new EngineClosedException("the engine is shutting down and takes no more requests"));
    preparation.close();
    try {
      return admission.awaitEmpty(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Ends running and waiting requests with an {@link EngineClosedException} and frees everything: at once on a CPU; on a
   * device when its step ends, for which this waits for a while and no longer. Closing again does nothing but wait.
   */
  @Override
  public void close() {
    close(CLOSE_WAIT);
  }

  /** @param most how long to wait for a device that is in a step */
  void close(Duration most) {
    closing = true;
    admission.close(new EngineClosedException("the engine was closed"));
    preparation.close();
    admission.stop();
    DeviceLoop device = loop;
    if (device != null) {
      device.abort();
    }
    if (!joinThread(most)) {
      LOG.warn("The device is still in a step; what the engine holds is freed when that ends");
    }
  }

  private boolean joinThread(Duration most) {
    try {
      return thread.join(most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
