package io.github.llava4j.demo.cli;

import java.util.concurrent.Callable;

import io.github.llava4j.kernels.select.Backends;
import picocli.CommandLine.Command;

/** Says where the tornado backend could run. */
@Command(
    name = "devices",
    description = "Lists the devices that TornadoVM finds, one a line, or says why there is none.")
final class DevicesCommand implements Callable<Integer> {

  private final Terminal terminal;

  DevicesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Backends.devices().forEach(terminal.out()::println);
    return Failures.OK;
  }
}
