package io.github.llava4j.spring;

import io.github.llava4j.engine.EngineStatus;
import io.github.llava4j.engine.LlavaEngine;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Up while the engine takes requests; says which model runs where, so that a slow backend does not go unnoticed. */
final class LlavaHealthIndicator extends AbstractHealthIndicator {

  private final LoadedEngine loaded;

  LlavaHealthIndicator(LoadedEngine loaded) {
    super("The LLaVA engine could not be asked");
    this.loaded = loaded;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    loaded.get().ifPresentOrElse(
        engine -> check(engine, builder), () -> builder.unknown().withDetail("engine", "not loaded: nothing has asked for it"));
  }

  private static void check(LlavaEngine engine, Health.Builder builder) {
    EngineStatus status = engine.status();
    builder.status(status.open() ? Status.UP : Status.DOWN)
        .withDetail("model", engine.model().name())
        .withDetail("variant", engine.model().description())
        .withDetail("backend", engine.backend().description())
        .withDetail("running", status.running())
        .withDetail("queued", status.waiting());
    if (status.reason() != null) {
      builder.withDetail("reason", status.reason());
    }
  }
}
