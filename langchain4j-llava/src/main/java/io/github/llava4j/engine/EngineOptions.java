package io.github.llava4j.engine;

import java.nio.file.Path;
import java.util.Set;

import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.model.Output;
import org.jspecify.annotations.Nullable;

/**
 * How to open an engine.
 *
 * @param model a folder or a file, or {@code mini}; see {@link ModelSource}
 * @param mmproj the vision part of a GGUF model, or null to look for it beside the model
 * @param backend {@code auto}, {@code vector}, {@code tornado[:device]} or {@code scalar}
 * @param threads of a CPU backend; 0 for all cores
 * @param context most positions of a sequence, prompt and answer; 0 for what the model was trained for
 * @param parallel sequences that run at the same time; each has its own keys and values
 * @param batchRows most rows of a prefill batch
 * @param imageCacheBytes heap for the embeddings of pictures seen before
 * @param kvType how the keys and values of past positions are kept; half precision takes half of the memory, and logits
 *     then differ a little from the reference
 * @param limits what requests may cost
 * @param template name of one of {@link io.github.llava4j.text.ChatTemplates} in place of the chat template in the model's
 *     files, or null for that
 * @param outputs what the model gives besides what an answer needs; a {@link Trace} needs {@link Output#ALL}
 */
public record EngineOptions(
    Path model,
    @Nullable Path mmproj,
    String backend,
    int threads,
    int context,
    int parallel,
    int batchRows,
    long imageCacheBytes,
    KvType kvType,
    EngineLimits limits,
    @Nullable String template,
    Set<Output> outputs) {

  /** What suits one machine with one user: the fastest backend, one sequence at a time. */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Collects options; anything not set has the default of its field. */
  public static final class Builder {
    private final Path model;
    private @Nullable Path mmproj;
    private String backend = "auto";
    private int threads;
    private int context;
    private int parallel = 1;
    private int batchRows = 512;
    private long imageCacheBytes = Math.min(Runtime.getRuntime().maxMemory() / 8, 256L << 20);
    private KvType kvType = KvType.F32;
    private EngineLimits limits = EngineLimits.DEFAULT;
    private @Nullable String template;
    private Set<Output> outputs = Set.of();

    private Builder(Path model) {
      this.model = model;
    }

    public Builder mmproj(@Nullable Path value) {
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

    public Builder batchRows(int value) {
      batchRows = value;
      return this;
    }

    /** Unless set an eighth of the heap, but at most 256 MB. */
    public Builder imageCacheBytes(long value) {
      imageCacheBytes = value;
      return this;
    }

    public Builder kvType(KvType value) {
      kvType = value;
      return this;
    }

    public Builder limits(EngineLimits value) {
      limits = value;
      return this;
    }

    public Builder template(@Nullable String value) {
      template = value;
      return this;
    }

    public Builder outputs(Set<Output> value) {
      outputs = value;
      return this;
    }

    public EngineOptions build() {
      return new EngineOptions(
          model, mmproj, backend, threads, context, parallel, batchRows, imageCacheBytes, kvType, limits, template,
          outputs);
    }
  }

  public EngineOptions {
    require(model != null, "model", model);
    require(backend != null, "backend", backend);
    require(threads >= 0, "threads", threads);
    require(context >= 0, "context", context);
    require(parallel >= 1, "parallel", parallel);
    require(batchRows >= 1, "batchRows", batchRows);
    require(imageCacheBytes >= 0, "imageCacheBytes", imageCacheBytes);
    require(kvType != null, "kvType", kvType);
    require(limits != null, "limits", limits);
    outputs = Set.copyOf(outputs);
  }

  /** What {@link #model} and {@link #mmproj} mean. */
  @Internal
  public ModelSource source() {
    return ModelSource.of(model, mmproj);
  }

  private static void require(boolean ok, String name, @Nullable Object value) {
    if (!ok) {
      throw new IllegalArgumentException("engine option " + name + " must not be " + value);
    }
  }
}
