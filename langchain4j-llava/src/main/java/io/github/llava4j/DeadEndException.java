package io.github.llava4j;

/**
 * No token can follow: the logits are no numbers, or every token is forbidden. It ends the request that it happens to
 * and no other one.
 */
public class DeadEndException extends EngineException {

  private static final long serialVersionUID = 1L;

  public DeadEndException(String message) {
    super(message);
  }
}
