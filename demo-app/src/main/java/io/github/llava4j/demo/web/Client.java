package io.github.llava4j.demo.web;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.springframework.http.HttpHeaders;

/**
 * The other end of a request's connection. A servlet cannot see that a client has hung up before it writes to it, and
 * an answer that is not a stream is written when it has been computed in vain. Tomcat can, by trying to read.
 *
 * <p>To be asked on the request's own thread alone, after the body was read.
 */
final class Client {

  private static final String ATTRIBUTE = Client.class.getName();
  /** How Tomcat says that reading failed, as it does at the end of a connection. A next request is longer. */
  private static final int FAILED = 1;

  private final Request request;
  private final HttpServletResponse response;
  private boolean watched;
  private boolean gone;

  private Client(Request request, HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  /** Makes the client known to whoever has the request. */
  static void attach(org.apache.catalina.connector.Request request, HttpServletResponse response) {
    request.setAttribute(ATTRIBUTE, new Client(request.getCoyoteRequest(), response));
  }

  /** Whether {@link #isGone} was asked, so that nothing more can be read from the connection. */
  boolean isWatched() {
    return watched;
  }

  static Client of(ServletRequest request) {
    return (Client) request.getAttribute(ATTRIBUTE);
  }

  /**
   * Whether it has hung up; does not wait. What a client sends early for its next request is lost by that, so the
   * connection ends with the answer.
   */
  boolean isGone() {
    if (!watched) {
      watched = true;
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    if (!gone) {
      request.action(ActionCode.AVAILABLE, Boolean.TRUE);
      gone = request.getAvailable() == FAILED;
    }
    return gone;
  }
}
