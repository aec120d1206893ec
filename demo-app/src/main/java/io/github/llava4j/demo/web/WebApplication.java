package io.github.llava4j.demo.web;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** What Spring starts: this package, and the starter's engine and models for {@code langchain4j.llava.model-path}. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
public class WebApplication {
}
