package io.github.llava4j.demo.web;

import java.util.concurrent.atomic.AtomicLong;

import org.springframework.stereotype.Component;

/**
 * The bytes of request bodies that may be in memory at the same time. A body's bytes are taken before it is read, and
 * given back once its answer is written: until then its pictures lie in the request, in base64.
 */
@Component
class BodyBudget {

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(WebProperties properties) {
    this.most = properties.maxBytesInFlight().toBytes();
  }

  /** What one body holds; closing it gives all of it back. */
  final class Share implements AutoCloseable {

    private long bytes;

    private Share(long bytes) {
      this.bytes = bytes;
    }

    /** Gives back what turned out not to be needed. */
    void shrinkTo(long needed) {
      taken.addAndGet(needed - bytes);
      bytes = needed;
    }

    @Override
    public void close() {
      shrinkTo(0);
    }
  }

  /**
   * Takes bytes.
   *
   * @throws RefusedException if there are too few
   */
  Share take(long bytes) {
    if (taken.addAndGet(bytes) > most) {
      taken.addAndGet(-bytes);
      throw RefusedException.busy("the server is busy: the requests that it reads and answers have " + taken
          + " bytes, and llava4j.web.max-bytes-in-flight is " + most);
    }
    return new Share(bytes);
  }

  /** Bytes that are taken. */
  long taken() {
    return taken.get();
  }
}
