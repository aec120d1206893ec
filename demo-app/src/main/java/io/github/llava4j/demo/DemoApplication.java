package io.github.llava4j.demo;

import io.github.llava4j.demo.cli.Arguments;
import io.github.llava4j.demo.cli.CommandLineApp;
import io.github.llava4j.demo.cli.Terminal;

/** The jar's entry point. */
public final class DemoApplication {

  private static final String LOGBACK_FILE = "logback.configurationFile";

  private DemoApplication() {}

  public static void main(String[] args) {
    if (System.getProperty(LOGBACK_FILE) == null) {
      System.setProperty(LOGBACK_FILE, "logback-cli.xml");
    }
    // Nor does Spring, where a command starts it, log by rules of its own.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    System.exit(CommandLineApp.run(Arguments.decode(args), Terminal.system()));
  }
}
