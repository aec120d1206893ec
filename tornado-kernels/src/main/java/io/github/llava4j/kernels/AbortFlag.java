package io.github.llava4j.kernels;

/** Tells whatever runs a program to stop: raised once, by any thread, and looked at between pieces of work. */
@Internal
public final class AbortFlag {

  private final String what;
  private volatile boolean raised;

  /** @param what is stopped, for the exception's message */
  public AbortFlag(String what) {
    this.what = what;
  }

  /** From now on every {@link #check} fails. */
  public void raise() {
    raised = true;
  }

  /** @throws RunAbortedException if the flag is raised */
  public void check() {
    if (raised) {
      throw new RunAbortedException(what + " was aborted");
    }
  }
}
