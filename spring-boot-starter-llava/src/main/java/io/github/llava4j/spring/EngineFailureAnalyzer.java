package io.github.llava4j.spring;

import io.github.llava4j.EngineException;
import io.github.llava4j.InsufficientMemoryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the chosen backend cannot run in this JVM. */
final class EngineFailureAnalyzer extends AbstractFailureAnalyzer<EngineException> {

  private static final String BACKEND = LlavaProperties.PREFIX + ".backend";

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, EngineException cause) {
    String action = cause instanceof InsufficientMemoryException
        ? "Start the JVM with a larger -Xmx, or use a smaller model, a shorter " + LlavaProperties.PREFIX
            + ".context-length or fewer " + LlavaProperties.PREFIX + ".parallel requests."
        : switch (cause.getCause()) {
          case UnsupportedOperationException e -> "Start the JVM with what the message names"
              + " (java --add-modules jdk.incubator.vector -jar ..., or the environment variable JDK_JAVA_OPTIONS), or set "
              + BACKEND + "=auto, which takes the slow scalar backend where the vector backend cannot run.";
          case IllegalArgumentException e -> "Change the property that the message is about: " + BACKEND + " or "
              + LlavaProperties.PREFIX + ".context-length.";
          case null, default -> null;
        };
    return action == null
        ? null
        : new FailureAnalysis("The LLaVA engine cannot start: " + cause.getMessage() + ".", action, cause);
  }
}
