package io.github.llava4j.kernels.tornado;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what TornadoVM's Java prints to standard output, where answers go, out of it: it becomes lines of the log. Other
 * threads print as before. What its native code prints is beyond a JVM's reach; it does so when a call of a driver fails.
 */
final class Console {

  private static final Logger LOG = LoggerFactory.getLogger("io.github.llava4j.tornadovm");

  /** Set in a thread that is within TornadoVM. */
  private static final ThreadLocal<ByteArrayOutputStream> LINE = new ThreadLocal<>();

  private Console() {}

  /** Does {@code call}, and logs what it prints. */
  static <T> T quietly(Supplier<T> call) {
    if (LINE.get() != null) {
      return call.get();
    }
    install();
    LINE.set(new ByteArrayOutputStream());
    try {
      return call.get();
    } finally {
      ByteArrayOutputStream rest = LINE.get();
      LINE.remove();
      log(rest);
    }
  }

  /** Whoever sets standard output after us is asked again. */
  private static synchronized void install() {
    if (!(System.out instanceof Switch)) {
      System.setOut(new Switch(System.out));
    }
  }

  private static void log(ByteArrayOutputStream line) {
    String text = Causes.plain(line.toString(StandardCharsets.UTF_8)).strip();
    line.reset();
    if (!text.isEmpty()) {
      // The log may go to standard output itself.
      boolean within = LINE.get() != null;
      LINE.remove();
      LOG.info(text);
      if (within) {
        LINE.set(line);
      }
    }
  }

  /** A print stream that sends each byte where its thread wants it. */
  private static final class Switch extends PrintStream {
    Switch(PrintStream out) {
      super(new Lines(out), true, out.charset());
    }
  }

  private static final class Lines extends OutputStream {
    private final PrintStream out;

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      ByteArrayOutputStream line = LINE.get();
      if (line == null) {
        out.write(b);
      } else if (b == '\n') {
        log(line);
      } else {
        line.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      if (LINE.get() == null) {
        out.write(bytes, from, count);
        return;
      }
      for (int i = from; i < from + count; i++) {
        write(bytes[i]);
      }
    }

    @Override
    public void flush() {
      if (LINE.get() == null) {
        out.flush();
      }
    }
  }
}
