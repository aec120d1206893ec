package io.github.llava4j.engine;

import java.nio.file.Path;

import io.github.llava4j.checkpoint.ModelSource;

/**
 * How to open an engine.
 *
 * @param model a folder or a file, or {@code mini}; see {@link ModelSource}
 * @param mmproj the vision part of a GGUF model, or null to look for it beside the model
 * @param backend {@code auto}, {@code vector}, {@code tornado[:device]} or {@code scalar}
 * @param threads of a CPU backend; 0 for all cores
 * @param context most positions of a sequence, prompt and answer; 0 for what the model was trained for
 * @param parallel sequences that run at the same time; each has its own keys and values
 * @param queueCapacity requests that may wait before further ones are refused
 * @param batchRows most rows of a prefill batch
 * @param imageCacheBytes heap for the embeddings of pictures seen before
 * @param template name of one of {@link io.github.llava4j.text.ChatTemplates} in place of the chat template in the model's
 *     files, or null for that
 * @param traced whether requests may ask for a {@link Trace}
 */
public record EngineOptions(
    Path model,
    Path mmproj,
    String backend,
    int threads,
    int context,
    int parallel,
    int queueCapacity,
    int batchRows,
    long imageCacheBytes,
    String template,
    boolean traced) {

  /** What suits one machine with one user: the fastest backend, one sequence at a time, a queue of 64. */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Collects options; anything not set has the default of its field. */
  public static final class Builder {
    private final Path model;
    private Path mmproj;
    private String backend = "auto";
    private int threads;
    private int context;
    private int parallel = 1;
    private int queueCapacity = 64;
    private int batchRows = 512;
    private long imageCacheBytes = 256L << 20;
    private String template;
    private boolean traced;

    private Builder(Path model) {
      this.model = model;
    }

    public Builder mmproj(Path value) {
      mmproj = value;
      return this;
    }

    public Builder backend(String value) {
      backend = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder context(int value) {
      context = value;
      return this;
    }

    public Builder parallel(int value) {
      parallel = value;
      return this;
    }

    public Builder queueCapacity(int value) {
      queueCapacity = value;
      return this;
    }

    public Builder batchRows(int value) {
      batchRows = value;
      return this;
    }

    public Builder imageCacheBytes(long value) {
      imageCacheBytes = value;
      return this;
    }

    public Builder template(String value) {
      template = value;
      return this;
    }

    public Builder traced(boolean value) {
      traced = value;
      return this;
    }

    public EngineOptions build() {
      return new EngineOptions(
          model, mmproj, backend, threads, context, parallel, queueCapacity, batchRows, imageCacheBytes, template,
          traced);
    }
  }

  public EngineOptions {
    require(model != null, "model", model);
    require(threads >= 0, "threads", threads);
    require(context >= 0, "context", context);
    require(parallel >= 1, "parallel", parallel);
    require(queueCapacity >= 1, "queueCapacity", queueCapacity);
    require(batchRows >= 1, "batchRows", batchRows);
    require(imageCacheBytes >= 0, "imageCacheBytes", imageCacheBytes);
  }

  /** What {@link #model} and {@link #mmproj} mean. */
  public ModelSource source() {
    return ModelSource.of(model, mmproj);
  }

  private static void require(boolean ok, String name, Object value) {
    if (!ok) {
      throw new IllegalArgumentException("engine option " + name + " must not be " + value);
    }
  }
}
