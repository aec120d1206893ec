package io.github.llava4j.demo.web;

import io.github.llava4j.engine.LlavaEngine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says what answers here. */
@RestController
class ModelController {

  private final ModelInfo info;

  ModelController(ModelInfo info) {
    this.info = info;
  }

  @GetMapping("/api/model")
  ModelInfo model() {
    return info;
  }

  /** Asked once: nothing of it changes while the server runs. */
  @Configuration(proxyBeanMethods = false)
  static class Info {

    @Bean
    ModelInfo modelInfo(LlavaEngine engine, WebProperties properties) {
      return ModelInfo.of(engine, properties.maxBodyBytes());
    }
  }
}
