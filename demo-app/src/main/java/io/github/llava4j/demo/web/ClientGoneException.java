package io.github.llava4j.demo.web;

/** The client hung up, so that there is nobody to answer. */
class ClientGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClientGoneException(Throwable cause) {
    super("the client is gone", cause);
  }
}
