package io.github.llava4j.demo.web;

import org.jspecify.annotations.Nullable;

/** The client hung up, so that there is nobody to answer. */
class ClientGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ClientGoneException(@Nullable Throwable cause) {
    super("the client is gone", cause);
  }
}
