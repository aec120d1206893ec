package io.github.llava4j.spring;

import io.github.llava4j.engine.LlavaEngine;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up while the engine takes requests; says which model runs where, so that a slow backend does not go unnoticed. */
class LlavaHealthIndicator extends AbstractHealthIndicator {

  private final LlavaEngine engine;

  LlavaHealthIndicator(LlavaEngine engine) {
    super("The LLaVA engine could not be asked");
    this.engine = engine;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.status(engine.isOpen() ? "UP" : "DOWN")
        .withDetail("model", engine.model().name())
        .withDetail("variant", engine.model().description())
        .withDetail("backend", engine.backend().describe())
        .withDetail("queued", engine.queued());
  }
}
