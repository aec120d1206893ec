package io.github.llava4j.demo.cli;

import java.nio.file.Path;

import io.github.llava4j.EngineException;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Backends;
import picocli.CommandLine.Option;

/** Which model, and how it is run. */
final class ModelOptions {

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
  private Path mmproj;

  @Option(
      names = "--backend",
      defaultValue = "auto",
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

  /** Loads the model. */
  LlavaEngine open(boolean traced, Progress progress) {
    EngineOptions options = engineOptions(traced);
    progress.show("loading " + model);
    try {
      return LlavaEngine.open(options);
    } catch (EngineException e) {
      // Nothing runs yet: it can only be that the backend does not suit the machine, the JVM's flags or the weights.
      throw new UserMistake(e.getMessage(), e);
    } finally {
      progress.clear();
    }
  }

  EngineOptions engineOptions(boolean traced) {
    try {
      return EngineOptions.builder(model)
          .mmproj(mmproj).backend(backend).threads(threads).context(context).traced(traced).build();
    } catch (IllegalArgumentException e) {
      throw new UserMistake(e.getMessage(), e);
    }
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
