package io.github.llava4j.demo.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.model.chat.request.ChatRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Component;

/**
 * Reads the bodies of requests, within limits of size, time and memory. A body is read as bytes, which takes as long as
 * its client likes, and then parsed, which takes several times its size for a moment: one at a time.
 */
@Component
class ChatBodies {

  private static final int FIRST = 1 << 16;

  private final WebProperties properties;
  private final BodyBudget budget;
  private final ReentrantLock parsing = new ReentrantLock();

  ChatBodies(WebProperties properties, BodyBudget budget) {
    this.properties = properties;
    this.budget = budget;
  }

  /** A request, and the memory that it holds until it is closed. */
  record Read(ChatRequest request, BodyBudget.Share share) implements AutoCloseable {

    @Override
    public void close() {
      share.close();
    }
  }

  /** Bytes, of which the first are the body. */
  private record Bytes(byte[] array, int count) {}

  /**
   * Reads and maps the body of a request.
   *
   * @throws RefusedException if it is too large, too slow or no chat, or if there is no room for it
   * @throws ClientGoneException if it ends too early
   */
  Read read(HttpServletRequest request) {
    long most = properties.maxBodyBytes();
    long length = request.getContentLengthLong();
    if (length > most) {
      throw tooLarge(most);
    }
    BodyBudget.Share share = budget.take(length < 0 ? most : length);
    try {
      ChatBody body = parse(bytes(request, (int) length, (int) most), share);
      return new Read(ChatBodyMapper.map(body), share);
    } catch (RuntimeException | Error e) {
      share.close();
      throw e;
    }
  }

  /** @param length -1 if the client did not say */
  private Bytes bytes(HttpServletRequest request, int length, int most) {
    BodyClock clock = new BodyClock(properties.bodyTimeout());
    byte[] body = new byte[length < 0 ? Math.min(FIRST, most) : length];
    int count = 0;
    try {
      InputStream in = request.getInputStream();
      while (count != length) {
        if (count == body.length) {
          if (count == most) {
            if (in.read() < 0) {
              break;
            }
            throw tooLarge(most);
          }
          body = Arrays.copyOf(body, (int) Math.min(most, 2L * count));
        }
        int got = in.read(body, count, body.length - count);
        if (got < 0) {
          break;
        }
        count += got;
        clock.arrived(got);
      }
      return new Bytes(body, count);
    } catch (IOException e) {
      throw e.getCause() instanceof SocketTimeoutException ? clock.late() : new ClientGoneException(e);
    }
  }

  private ChatBody parse(Bytes bytes, BodyBudget.Share share) {
    share.shrinkTo(bytes.count);
    parsing.lock();
    try {
      return ChatBody.parse(bytes.array, bytes.count);
    } finally {
      parsing.unlock();
    }
  }

  private RefusedException tooLarge(long most) {
    return RefusedException.tooLarge("the request is larger than " + most + " bytes, the limit of "
        + (most < properties.maxRequestSize().toBytes()
            ? "a quarter of llava4j.web.max-bytes-in-flight" : "llava4j.web.max-request-size"));
  }
}
