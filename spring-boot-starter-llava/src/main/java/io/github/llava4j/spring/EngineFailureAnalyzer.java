package io.github.llava4j.spring;

import io.github.llava4j.EngineException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.kernels.DeviceMemoryException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the chosen backend cannot run in this JVM. */
final class EngineFailureAnalyzer extends AbstractFailureAnalyzer<EngineException> {

  private static final String CONTEXT = LlavaProperties.PREFIX + ".context-length";
  private static final String BACKEND = LlavaProperties.PREFIX + ".backend";

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, EngineException cause) {
    String action = action(cause);
    return action == null
        ? null
        : new FailureAnalysis("The LLaVA engine cannot start: " + cause.getMessage() + ".", action, cause);
  }

  private static @Nullable String action(EngineException failure) {
    if (failure.getCause() instanceof DeviceMemoryException) {
      return "Let " + CONTEXT + " be shorter or " + LlavaProperties.PREFIX + ".parallel smaller, use a model with"
          + " smaller weights or another device, or set " + BACKEND + "=vector, which computes on the CPU.";
    }
    if (failure instanceof InsufficientMemoryException) {
      return "Start the JVM with a larger -Xmx, let " + CONTEXT + " be shorter or " + LlavaProperties.PREFIX
          + ".parallel smaller, or use a smaller model.";
    }
    return switch (failure.getCause()) {
      case UnsupportedOperationException e -> "Start the JVM with what the message names"
          + " (java --add-modules jdk.incubator.vector -jar ..., or the environment variable JDK_JAVA_OPTIONS), or set "
          + BACKEND + "=auto, which takes the slow scalar backend where the vector backend cannot run.";
      case IllegalArgumentException e ->
          "Change the property that the message is about: " + BACKEND + " or " + CONTEXT + ".";
      case null, default -> failure.getMessage().contains("context") ? "Change " + CONTEXT + "." : null;
    };
  }
}
