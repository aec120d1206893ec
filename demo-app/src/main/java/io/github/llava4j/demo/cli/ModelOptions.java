package io.github.llava4j.demo.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.KvType;
import io.github.llava4j.kernels.select.Backends;
import io.github.llava4j.model.Output;
import io.github.llava4j.spring.LlavaProperties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model, and how it is run. */
final class ModelOptions {

  private static final String AUTO = "auto";

  @Option(
      names = "--model",
      defaultValue = "mini",
      paramLabel = "PATH",
      description = "Folder of a checkpoint (Hugging Face, original LLaVA, Paddle) or a GGUF file. Default: "
          + "${DEFAULT-VALUE}, the small model that ships with llava4j.")
  private Path model;

  @Option(
      names = "--mmproj",
      paramLabel = "FILE",
      description = "Vision part of a GGUF model; found by itself if it lies beside it.")
  private @Nullable Path mmproj;

  @Option(
      names = "--backend",
      defaultValue = AUTO,
      paramLabel = "NAME",
      description = "scalar, vector, tornado[:device], or auto: the fastest that this JVM has (default: ${DEFAULT-VALUE}).")
  private String backend;

  @Option(names = "--threads", defaultValue = "0", paramLabel = "N", description = "CPU threads (default: all cores).")
  private int threads;

  @Option(
      names = "--context",
      defaultValue = "0",
      paramLabel = "N",
      description = "Most positions of prompt and answer together (default: what the model was trained for).")
  private int context;

  @Option(
      names = "--kv-type",
      defaultValue = "F32",
      paramLabel = "TYPE",
      description = "Keys and values of past tokens: f32, or f16 for half of the memory (default: ${DEFAULT-VALUE}).")
  private KvType kvType;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description = "A known chat template, such as vicuna_v1, in place of the one in the model's files.")
  private @Nullable String template;

  /** Loads the model. */
  LlavaEngine open(boolean traced, Progress progress) {
    EngineOptions options = engineOptions(traced);
    progress.show("loading " + model);
    try {
      return LlavaEngine.open(options);
    } finally {
      progress.clear();
    }
  }

  EngineOptions engineOptions(boolean traced) {
    try {
      return EngineOptions.builder(model)
          .mmproj(mmproj).backend(backend).threads(threads).context(context).kvType(kvType).template(template)
          .outputs(traced ? Output.ALL : Set.of()).build();
    } catch (IllegalArgumentException e) {
      throw new UserMistake(e.getMessage(), e);
    }
  }

  /** The folder or file of the model. */
  Path path() {
    return model;
  }

  /** What was chosen, as the starter's properties. What was not is left to Spring's other sources. */
  Map<String, String> settings() {
    // What makes no sense is refused in the words of this command line.
    EngineOptions options = engineOptions(false);
    Map<String, String> settings = new HashMap<>();
    settings.put(LlavaProperties.PREFIX + ".model-path", options.model().toString());
    if (options.mmproj() != null) {
      settings.put(LlavaProperties.PREFIX + ".mmproj-path", options.mmproj().toString());
    }
    if (!options.backend().equals(AUTO)) {
      settings.put(LlavaProperties.PREFIX + ".backend", options.backend());
    }
    if (options.threads() > 0) {
      settings.put(LlavaProperties.PREFIX + ".threads", String.valueOf(options.threads()));
    }
    if (options.kvType() != KvType.F32) {
      settings.put(LlavaProperties.PREFIX + ".kv-type", options.kvType().name());
    }
    if (options.context() > 0) {
      settings.put(LlavaProperties.PREFIX + ".context-length", String.valueOf(options.context()));
    }
    if (options.template() != null) {
      settings.put(LlavaProperties.PREFIX + ".template", options.template());
    }
    return settings;
  }

  /** The backend alone. */
  Backend openBackend() {
    try {
      return Backends.open(backend, threads);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new UserMistake(e.getMessage(), e);
    }
  }
}
