package io.github.llava4j.spring;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import io.github.llava4j.engine.LlavaEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

/** What an operator sees of the engine. */
class ObservationTest {

  private final ApplicationContextRunner runner = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(
          LlavaAutoConfiguration.class, LlavaHealthAutoConfiguration.class, LlavaMetricsAutoConfiguration.class))
      .withPropertyValues(
          "langchain4j.llava.model-path=" + TestModel.PATH,
          "langchain4j.llava.threads=1",
          "langchain4j.llava.chat-model.max-output-tokens=4");

  @Test
  void healthSaysWhatRunsWhereAndWhetherItDoes() {
    runner.run(context -> {
      HealthIndicator indicator = context.getBean(HealthIndicator.class);
      Health up = indicator.health();
      assertThat(up.getStatus()).isEqualTo(Status.UP);
      assertThat(up.getDetails()).containsKeys("model", "variant", "backend").containsEntry("queued", 0);
      context.getBean(LlavaEngine.class).close();
      assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    });
  }

  @Test
  void whoWatchesTheEngineDoesNotLoadIt() {
    runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .withBean("other", ChatModel.class, () -> mock(ChatModel.class))
        .run(context -> {
          context.getBean(MeterBinder.class).bindTo(context.getBean(MeterRegistry.class));
          assertThat(context.getBean(MeterRegistry.class).get("llava.queue.size").gauge().value()).isZero();
          assertThat(context.getBean(HealthIndicator.class).health().getStatus()).isEqualTo(Status.UNKNOWN);
          assertThat(context.getBeanFactory().containsSingleton("llavaEngine")).isFalse();
        });
  }

  @Test
  void healthIsLeftOutWhereNobodyReportsIt() {
    runner.withPropertyValues("management.health.llava.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    runner.withClassLoader(new FilteredClassLoader(HealthIndicator.class, MeterRegistry.class))
        .run(context -> assertThat(context)
            .hasNotFailed()
            .hasSingleBean(ChatModel.class)
            .doesNotHaveBean(LlavaHealthAutoConfiguration.class)
            .doesNotHaveBean(LlavaMetricsAutoConfiguration.class));
  }

  @Test
  void answersAndFailuresAreMeasured() {
    runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run(context -> {
      MeterRegistry registry = context.getBean(MeterRegistry.class);
      context.getBean(MeterBinder.class).bindTo(registry);
      assertThat(registry.get("llava.queue.size").gauge().value()).isZero();

      ChatModel model = context.getBean(ChatModel.class);
      model.chat("Hello");
      assertThat(registry.get("gen_ai.client.token.usage").tag("gen_ai.token.type", "output").summary().totalAmount())
          .isEqualTo(4);
      assertThat(registry.get("gen_ai.client.operation.duration").tag("error.type", "none").timer().count())
          .isEqualTo(1);
      assertThat(registry.get("llava.stage").tag("stage", "prefill").timer().count()).isEqualTo(1);

      assertThatThrownBy(() -> model.chat("word ".repeat(3000))).isInstanceOf(RuntimeException.class);
      assertThat(registry.get("gen_ai.client.operation.duration")
          .tag("error.type", "InvalidRequestException").timer().count()).isEqualTo(1);
    });
  }

  @Test
  void withoutARegistryNothingIsMeasured() {
    runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ChatModelListener.class));
  }
}
