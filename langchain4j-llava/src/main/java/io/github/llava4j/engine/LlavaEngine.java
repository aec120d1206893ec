package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.llava4j.EngineBusyException;
import io.github.llava4j.EngineException;
import io.github.llava4j.PromptException;
import io.github.llava4j.image.Tiles;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Backends;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.MemoryPlan;
import io.github.llava4j.model.LlavaModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model that answers requests: thread-safe, with a bounded queue and one thread that owns the device. Sequences
 * that run at the same time share its batches; pictures and prompt beginnings seen before are not computed again.
 */
public final class LlavaEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LlavaEngine.class);
  private static final GenerationListener SILENT = new GenerationListener() { };
  private static final int CLOSE_SECONDS = 30;

  private final LlavaModel model;
  private final Backend backend;
  private final EngineOptions options;
  private final int context;
  private final ImageEmbeddingCache imageCache;
  private final BlockingQueue<Sequence> queue;
  private final Thread thread;
  private final double loadMs;
  private volatile boolean closed;

  /**
   * Loads a model.
   *
   * @throws io.github.llava4j.CheckpointException if the files are missing, damaged or not supported
   * @throws EngineException if the backend cannot run in this JVM
   */
  public static LlavaEngine open(EngineOptions options) {
    long start = System.nanoTime();
    LlavaModel model = LlavaModel.open(options.source(), options.template(), options.traced());
    try {
      Backend backend = Backends.open(options.backend(), options.threads());
      return new LlavaEngine(model, backend, options, start);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      model.close();
      throw new EngineException(e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private LlavaEngine(LlavaModel model, Backend backend, EngineOptions options, long start) {
    this.model = model;
    this.backend = backend;
    this.options = options;
    int trained = model.config().decoder().maxPositions();
    if (options.context() > trained) {
      backend.close();
      throw new IllegalArgumentException(
          "a context of " + options.context() + " exceeds the " + trained + " positions that the model was trained for");
    }
    this.context = context(model, options);
    this.imageCache = new ImageEmbeddingCache(options.imageCacheBytes());
    this.queue = new ArrayBlockingQueue<>(options.queueCapacity());
    DeviceLoop loop = new DeviceLoop(model, backend, decoderLimits(options, context), imageCache);
    this.thread = Thread.ofPlatform().name("llava-engine").daemon().start(() -> serve(loop));
    this.loadMs = (System.nanoTime() - start) / 1e6;
    LOG.info("Loaded {} in {} ms: {}", model.name(), Math.round(loadMs), model.description());
  }

  private static int context(LlavaModel model, EngineOptions options) {
    return options.context() > 0 ? options.context() : model.config().decoder().maxPositions();
  }

  private static Limits decoderLimits(EngineOptions options, int context) {
    return new Limits(Math.max(options.batchRows(), options.parallel()), options.parallel(), context);
  }

  /** The model that is loaded. */
  public LlavaModel model() {
    return model;
  }

  /** Where it runs, for logs and reports. */
  public Backend backend() {
    return backend;
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
    return MemoryPlan.of(model.decoder().program(), decoderLimits(options, context(model, options)))
        .plus(MemoryPlan.of(model.vision().program(), tile));
  }

  /** Whether requests are taken: not any more once it was closed or its device thread failed. */
  public boolean isOpen() {
    return !closed;
  }

  /** Requests that wait. */
  public int queued() {
    return queue.size();
  }

  /** Answers a request on the calling thread's time. */
  public GenerationResult generate(GenerationRequest request) {
    return submit(request, SILENT).await();
  }

  /**
   * Starts a request; pictures are tiled and the prompt is tokenised before this returns.
   *
   * @param listener hears the answer, on a thread of its own
   * @throws PromptException if prompt and pictures do not fit the model's context
   * @throws EngineBusyException if too many requests wait
   * @throws EngineException if the engine is closed
   */
  public Generation submit(GenerationRequest request, GenerationListener listener) {
    if (request.traced() && !options.traced()) {
      throw new PromptException("the engine was not opened for traces");
    }
    if (closed) {
      throw new EngineException("the engine is closed");
    }
    Prepared prepared = prepare(request);
    Generation generation = new Generation(listener);
    Sequence sequence =
        new Sequence(request, generation, model, prepared.tokens(), prepared.images(), context);
    sequence.imageMs = prepared.imageMs();
    if (!queue.offer(sequence)) {
      EngineBusyException busy = new EngineBusyException(
          "the engine is busy: " + queue.size() + " requests wait already, and the queue holds no more");
      generation.abandon();
      throw busy;
    }
    if (closed && queue.remove(sequence)) {
      generation.abandon();
      throw new EngineException("the engine is closed");
    }
    return generation;
  }

  /** How many positions the prompt of {@code request} takes, those of its pictures included. */
  public int countTokens(GenerationRequest request) {
    return countTokens(model.tokenize(request.prompt()), request.pictures());
  }

  /** @param compact the prompt's ids, one for each picture */
  private int countTokens(int[] compact, List<GenerationRequest.Input> pictures) {
    int count = compact.length;
    for (GenerationRequest.Input input : pictures) {
      count += model.imageTokens(input.picture().width(), input.picture().height(), input.overviewOnly()) - 1;
    }
    return count;
  }

  private record Prepared(int[] tokens, List<Sequence.Image> images, double imageMs) {}

  private Prepared prepare(GenerationRequest request) {
    int[] compact = model.tokenize(request.prompt());
    int total = countTokens(compact, request.pictures());
    if (total > context) {
      throw new PromptException(
          "the prompt needs " + total + " positions, pictures included, but the context has " + context);
    }
    int[] tokens = new int[total];
    List<Sequence.Image> images = new ArrayList<>();
    double imageMs = 0;
    int position = 0;
    for (int token : compact) {
      if (token >= 0) {
        tokens[position++] = token;
        continue;
      }
      long start = System.nanoTime();
      Sequence.Image image = image(request, images.size(), position);
      imageMs += (System.nanoTime() - start) / 1e6;
      images.add(image);
      Arrays.fill(tokens, position, position + image.tokens, -1);
      position += image.tokens;
    }
    return new Prepared(tokens, images, imageMs);
  }

  private Sequence.Image image(GenerationRequest request, int index, int position) {
    GenerationRequest.Input input = request.pictures().get(index);
    var picture = input.picture();
    var key = new ImageEmbeddingCache.Key(picture.hash(), input.overviewOnly());
    int tokens = model.imageTokens(picture.width(), picture.height(), input.overviewOnly());
    float[] known = request.traced() ? null : imageCache.get(key);
    Tiles tiles = known == null ? model.tile(picture, input.overviewOnly()) : null;
    return new Sequence.Image(key, position, tokens, tiles, known);
  }

  private void serve(DeviceLoop loop) {
    try (loop) {
      while (!closed) {
        if (loop.isIdle()) {
          Sequence next = queue.poll(100, TimeUnit.MILLISECONDS);
          if (next == null) {
            continue;
          }
          loop.admit(next);
        }
        while (loop.hasRoom() && !queue.isEmpty()) {
          loop.admit(queue.remove());
        }
        loop.step();
      }
    } catch (InterruptedException e) {
      LOG.debug("engine thread interrupted", e);
    } catch (Throwable e) {
      LOG.error("The engine failed and is closed", e);
      closed = true;
      throw e;
    } finally {
      List<Sequence> left = new ArrayList<>(loop.abort());
      queue.drainTo(left);
      left.forEach(sequence -> sequence.generation.fail(new EngineException("the engine was closed")));
    }
  }

  /** Ends running and waiting requests with an {@link EngineException} and frees the device. */
  @Override
  public void close() {
    if (closed && !thread.isAlive()) {
      return;
    }
    closed = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      // Unmapping weights under a running kernel would crash the JVM: better to leak them.
      LOG.warn("The engine's thread did not end within {} s; its memory stays allocated", CLOSE_SECONDS);
      return;
    }
    backend.close();
    model.close();
  }
}
