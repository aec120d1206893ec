package io.github.llava4j.spring;

import io.github.llava4j.CheckpointException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says which property leads to model files that cannot be used. */
final class CheckpointFailureAnalyzer extends AbstractFailureAnalyzer<CheckpointException> {

  private static final String MODEL_PATH = LlavaProperties.PREFIX + ".model-path";

  private final Environment environment;

  CheckpointFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CheckpointException cause) {
    return new FailureAnalysis(
        "The LLaVA model of " + MODEL_PATH + "=" + environment.getProperty(MODEL_PATH) + " cannot be used:\n\n    "
            + cause.getMessage(),
        "Let " + MODEL_PATH + " be the folder of a Hugging Face or PaddlePaddle checkpoint or a GGUF file, and "
            + LlavaProperties.PREFIX + ".mmproj-path the vision part of the latter. A file that was cut off in its"
            + " download has to be downloaded again.",
        cause);
  }
}
