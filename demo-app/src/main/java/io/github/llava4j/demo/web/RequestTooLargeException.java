package io.github.llava4j.demo.web;

import java.io.IOException;

/** A request's body that is larger than what is read. */
class RequestTooLargeException extends IOException {

  private static final long serialVersionUID = 1L;

  /** @param most bytes that are read */
  RequestTooLargeException(long most) {
    super("the request is larger than " + most + " bytes, the limit of llava4j.web.max-request-size");
  }
}
