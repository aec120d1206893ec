package io.github.llava4j.demo.web;

/** A request that is JSON but no chat; the message says what is wrong, for whoever wrote it. */
class InvalidChatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidChatException(String message) {
    super(message);
  }
}
