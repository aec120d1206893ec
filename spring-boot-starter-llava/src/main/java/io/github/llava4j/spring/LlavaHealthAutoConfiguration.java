package io.github.llava4j.spring;

import io.github.llava4j.engine.LlavaEngine;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The engine's health, in applications that report theirs. */
@AutoConfiguration(after = LlavaAutoConfiguration.class)
@ConditionalOnClass({LlavaEngine.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(LlavaEngine.class)
@ConditionalOnEnabledHealthIndicator("llava")
public final class LlavaHealthAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean(name = "llavaHealthIndicator")
  HealthIndicator llavaHealthIndicator(LoadedEngine loaded) {
    return new LlavaHealthIndicator(loaded);
  }
}
