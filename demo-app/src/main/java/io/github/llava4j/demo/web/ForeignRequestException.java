package io.github.llava4j.demo.web;

/** A request that another site's page makes in its visitor's name. */
class ForeignRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ForeignRequestException(String message) {
    super(message);
  }
}
