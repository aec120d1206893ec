package io.github.llava4j.demo.web;

import java.net.BindException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.llava4j.LlavaException;
import io.github.llava4j.engine.LlavaEngine;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** The running web server, for a command line that knows nothing of Spring. */
public final class WebServer implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final CountDownLatch closed;

  private WebServer(ConfigurableApplicationContext context, CountDownLatch closed) {
    this.context = context;
    this.closed = closed;
  }

  /**
   * Loads the model and starts to listen.
   *
   * @param settings Spring properties, which win over those of files and the environment
   * @throws LlavaException if the model cannot be used
   * @throws BindException if the port is taken or the address is not this machine's
   */
  public static WebServer start(Map<String, String> settings) throws BindException {
    // Tomcat logs through java.util.logging, which would print to stderr by rules of its own.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CountDownLatch closed = new CountDownLatch(1);
    SpringApplication application = new SpringApplication(WebApplication.class);
    application.setDefaultProperties(HeapShares.properties());
    application.addListeners((ApplicationListener<ContextClosedEvent>) event -> closed.countDown());
    String[] arguments = settings.entrySet().stream()
        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
        .toArray(String[]::new);
    try {
      return new WebServer(application.run(arguments), closed);
    } catch (RuntimeException e) {
      throw cause(e);
    }
  }

  /** What is behind the failures of beans and web servers. */
  private static RuntimeException cause(RuntimeException failure) throws BindException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LlavaException known) {
        throw known;
      }
      if (cause instanceof BindException known) {
        throw known;
      }
    }
    return failure;
  }

  /** The port it listens on. */
  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** What answers, in words for people. */
  public String model() {
    LlavaEngine engine = context.getBean(LlavaEngine.class);
    return engine.model().name() + " (" + engine.model().description() + ") on " + engine.backend().description();
  }

  /** Waits until somebody ends the server. */
  public void await() throws InterruptedException {
    closed.await();
  }

  @Override
  public void close() {
    context.close();
  }
}
