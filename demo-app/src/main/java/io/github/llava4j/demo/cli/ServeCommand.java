package io.github.llava4j.demo.cli;

import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.llava4j.demo.web.WebServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the web page; the one command that starts Spring. */
@Command(
    name = "serve",
    description = "Serves a web page that answers questions about pictures, and a chat endpoint.",
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {

  private static final int MOST_PORT = 65_535;
  /** What the JVM's own -XX:+ExitOnOutOfMemoryError gives. */
  private static final int OUT_OF_MEMORY = 3;

  private final Terminal terminal;

  @Mixin
  private ModelOptions model;

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "N",
      description = "Where to listen; 0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Who can ask (default: ${DEFAULT-VALUE}, this machine alone; 0.0.0.0: whoever can reach it,"
          + " and there is no password).")
  private String host;

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Thread.setDefaultUncaughtExceptionHandler(this::died);
    try (WebServer server = start()) {
      terminal.out().println("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port()
          + "/ answers with " + server.model() + "; Ctrl-C ends it");
      terminal.out().flush();
      server.await();
    }
    return Failures.OK;
  }

  /**
   * Ends the process where a thread ran out of memory, as -XX:+ExitOnOutOfMemoryError does. It may have been one that the
   * server cannot do without, and a server that listens and does not answer is worse than none.
   */
  private void died(Thread thread, Throwable failure) {
    if (failure instanceof VirtualMachineError) {
      Failures.report(failure, terminal);
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
    failure.printStackTrace(terminal.err());
  }

  private WebServer start() {
    Map<String, String> settings = settings();
    Progress progress = new Progress(terminal);
    progress.show("loading " + model.path());
    try {
      return WebServer.start(settings);
    } catch (BindException e) {
      throw new UserMistake("cannot listen on " + host + ", port " + port + ": " + e.getMessage()
          + "; choose another --port or --host", e);
    } finally {
      progress.clear();
    }
  }

  private Map<String, String> settings() {
    if (port < 0 || port > MOST_PORT) {
      throw new UserMistake("--port must be between 0 and " + MOST_PORT + ", not " + port);
    }
    try {
      InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new UserMistake("--host " + host + ": there is no such address", e);
    }
    Map<String, String> settings = new HashMap<>(model.settings());
    settings.put("server.address", host);
    settings.put("server.port", String.valueOf(port));
    return settings;
  }
}
