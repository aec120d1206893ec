package io.github.llava4j.spring;

import java.nio.file.Path;

import io.github.llava4j.EngineException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.kernels.DeviceMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An application that cannot start says why in words for its operator, without a stack trace. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {

  @TempDir
  private Path empty;

  @Test
  void modelFilesThatCannotBeUsed(CapturedOutput output) {
    assertThatThrownBy(() -> start("--langchain4j.llava.model-path=" + empty)).isInstanceOf(Exception.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The LLaVA model of langchain4j.llava.model-path=" + empty + " cannot be used")
        .contains("Let langchain4j.llava.model-path be the folder")
        .doesNotContain("\tat ");
  }

  @Test
  void anUnknownBackend(CapturedOutput output) {
    assertThatThrownBy(() -> start(
        "--langchain4j.llava.model-path=" + TestModel.PATH, "--langchain4j.llava.backend=quantum"))
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("The LLaVA engine cannot start: there is no backend \"quantum\"")
        .contains("langchain4j.llava.backend or langchain4j.llava.context-length");
  }

  @Test
  void aWrongProperty(CapturedOutput output) {
    assertThatThrownBy(() -> start(
        "--langchain4j.llava.model-path=" + TestModel.PATH, "--langchain4j.llava.limits.max-waiting=0"))
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("langchain4j.llava.limits.max-waiting must be at least 1, not 0");
  }

  @Test
  void aWrongParameterOfRequests(CapturedOutput output) {
    assertThatThrownBy(() -> start(
        "--langchain4j.llava.model-path=" + TestModel.PATH, "--langchain4j.llava.chat-model.temperature=-5"))
        .isInstanceOf(Exception.class);
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("langchain4j.llava.chat-model.temperature must be 0 or more, not -5.0")
        .doesNotContain("\tat ");
  }

  @Test
  void tooLittleMemory() {
    assertThat(new EngineFailureAnalyzer().analyze(new InsufficientMemoryException("too little heap")).getAction())
        .contains("-Xmx", "langchain4j.llava.context-length");
    DeviceMemoryException device = new DeviceMemoryException("the program needs 9 GB");
    assertThat(new EngineFailureAnalyzer().analyze(new InsufficientMemoryException("needs 9 GB", device)).getAction())
        .contains("langchain4j.llava.context-length", "langchain4j.llava.backend=vector").doesNotContain("-Xmx");
  }

  @Test
  void theVectorBackendWithoutItsModule() {
    UnsupportedOperationException missing = new UnsupportedOperationException("--add-modules jdk.incubator.vector");
    FailureAnalysis analysis = new EngineFailureAnalyzer().analyze(new EngineException(missing.getMessage(), missing));
    assertThat(analysis.getAction())
        .contains("java --add-modules jdk.incubator.vector -jar")
        .contains("langchain4j.llava.backend=auto");
  }

  @Test
  void anEngineThatFailsLaterIsNotExplained() {
    assertThat(new EngineFailureAnalyzer().analyze(new EngineException("the device failed"))).isNull();
  }

  private static void start(String... arguments) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).build();
    application.run(arguments).close();
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration(LlavaAutoConfiguration.class)
  static class Application { }
}
