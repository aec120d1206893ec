package io.github.llava4j.spring;

import io.github.llava4j.engine.LlavaEngine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Metrics of the engine and its answers, in applications that measure with Micrometer. */
@AutoConfiguration(after = LlavaAutoConfiguration.class, afterName = {
  "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
  "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
})
@ConditionalOnClass({LlavaEngine.class, MeterRegistry.class})
@ConditionalOnBean({LlavaEngine.class, MeterRegistry.class})
public final class LlavaMetricsAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  LlavaMetricsListener llavaMetricsListener(MeterRegistry registry) {
    return new LlavaMetricsListener(registry);
  }

  @Bean
  MeterBinder llavaQueueMetrics(LoadedEngine loaded) {
    return registry -> Gauge.builder("llava.queue.size", loaded, engine -> engine.get().map(LlavaEngine::queued).orElse(0))
        .description("Requests that wait for the engine")
        .baseUnit("requests")
        .register(registry);
  }
}
