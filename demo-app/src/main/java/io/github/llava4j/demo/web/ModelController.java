package io.github.llava4j.demo.web;

import java.util.List;

import io.github.llava4j.engine.LlavaEngine;
import io.github.llava4j.kernels.select.Backends;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says what answers here, and how it is. */
@RestController
class ModelController {

  private final LlavaEngine engine;
  private final WebProperties properties;
  private final BodyBudget budget;
  /** Asked once: looking for devices takes a while, and they do not change while the server runs. */
  private final List<String> devices = Backends.devices();

  ModelController(LlavaEngine engine, WebProperties properties, BodyBudget budget) {
    this.engine = engine;
    this.properties = properties;
    this.budget = budget;
  }

  @GetMapping("/api/model")
  ModelInfo model() {
    return ModelInfo.of(engine, devices, properties, budget);
  }
}
