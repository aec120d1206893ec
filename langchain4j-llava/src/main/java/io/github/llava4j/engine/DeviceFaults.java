package io.github.llava4j.engine;

import java.util.function.Supplier;

import io.github.llava4j.EngineException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.kernels.DeviceMemoryException;
import io.github.llava4j.kernels.RunAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the device's failures in a row, and says in an engine's words what went wrong. Used by the engine's thread; only
 * {@link #inARow} may be called by others.
 */
final class DeviceFaults {

  private static final Logger LOG = LoggerFactory.getLogger(DeviceFaults.class);
  /** Failures in a row after which the device is given up. */
  private static final int MOST = 3;

  /** A run of the device that failed. */
  private static final class DeviceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeviceFailure(Throwable cause) {
      super("the device failed: " + cause.getMessage(), cause);
    }
  }

  private volatile int inARow;

  /** Failures since the last run that did not fail. */
  int inARow() {
    return inARow;
  }

  /** Runs something on the device. What it throws is for {@link #shown} and {@link #giveUpAfter}. */
  <T> T watch(Supplier<T> run) {
    try {
      T result = run.get();
      inARow = 0;
      return result;
    } catch (RunAbortedException | OutOfMemoryError e) {
      // Nobody's fault, and the heap's: the next run may well succeed.
      throw e;
    } catch (RuntimeException | Error e) {
      count(e);
      throw new DeviceFailure(e);
    }
  }

  /** The device failed with {@code cause}. */
  void count(Throwable cause) {
    int now = inARow + 1;
    inARow = now;
    LOG.warn("The device failed, {} times in a row now", now, cause);
  }

  /** What those are told who took part when {@code thrown} was thrown. */
  static LlavaException shown(Throwable thrown) {
    return switch (thrown) {
      case LlavaException known -> known;
      case DeviceFailure failure when failure.getCause() instanceof DeviceMemoryException memory ->
          new InsufficientMemoryException(memory.getMessage(), memory);
      case DeviceFailure failure -> new EngineException(failure.getMessage(), failure.getCause());
      case OutOfMemoryError e -> new InsufficientMemoryException(
          "not enough heap for the request (" + e.getMessage() + "); start java with a larger -Xmx", e);
      default -> new EngineException("the request failed in the engine: " + thrown, thrown);
    };
  }

  /**
   * To be called when those who took part were told.
   *
   * @throws EngineException if the device failed too often in a row
   */
  void giveUpAfter(Throwable thrown) {
    if (thrown instanceof DeviceFailure failure && inARow >= MOST) {
      Throwable last = failure.getCause();
      throw new EngineException(
          "the device failed " + inARow + " times in a row, the last time with: " + last.getMessage(), last);
    }
  }
}
