package io.github.llava4j.spring;

import java.util.Optional;

import io.github.llava4j.engine.LlavaEngine;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The engine, if something has asked for it: what watches it must not be what loads it. */
record LoadedEngine(ConfigurableListableBeanFactory beans) {

  Optional<LlavaEngine> get() {
    for (String name : beans.getBeanNamesForType(LlavaEngine.class, true, false)) {
      if (beans.containsSingleton(name)) {
        return Optional.of(beans.getBean(name, LlavaEngine.class));
      }
    }
    return Optional.empty();
  }
}
