package io.github.llava4j.demo.cli;

import io.github.llava4j.engine.GenerationListener.Stage;

/** One line on stderr that says what is going on, if a person watches; it vanishes when the answer comes. */
final class Progress {

  private static final String ERASE_LINE = "\r\u001B[K";

  private final Terminal terminal;
  private boolean shown;

  Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  synchronized void show(String text) {
    if (terminal.interactive()) {
      terminal.err().print(ERASE_LINE + text);
      terminal.err().flush();
      shown = true;
    }
  }

  void show(Stage stage, int done, int total) {
    show(switch (stage) {
      case VISION -> "vision: tile " + done + " of " + total;
      case PREFILL -> "prompt: " + done + " of " + total + " tokens";
    });
  }

  synchronized void clear() {
    if (shown) {
      terminal.err().print(ERASE_LINE);
      terminal.err().flush();
      shown = false;
    }
  }
}
