package io.github.llava4j.demo.web;

import java.io.IOException;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/** A body that is read up to a limit. */
final class LimitedInputStream extends ServletInputStream {

  private final ServletInputStream in;
  private final long most;
  private long read;

  /** @param most bytes that are read */
  LimitedInputStream(ServletInputStream in, long most) {
    this.in = in;
    this.most = most;
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    count(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int got = in.read(target, offset, length);
    count(Math.max(0, got));
    return got;
  }

  private void count(int got) throws RequestTooLargeException {
    read += got;
    if (read > most) {
      throw new RequestTooLargeException(most);
    }
  }

  @Override
  public boolean isFinished() {
    return in.isFinished();
  }

  @Override
  public boolean isReady() {
    return in.isReady();
  }

  @Override
  public void setReadListener(ReadListener listener) {
    in.setReadListener(listener);
  }
}
