package io.github.llava4j.demo.tools.fidelity;

/** What is compared, in the order of the computation. */
public enum Stage {
  WEIGHTS("weights", 0),
  PIXELS("pixels", 1e-6),
  VISION("vision features", 1e-3),
  PROJECTED("projected", 1e-3),
  MERGED("merged", 1e-3),
  HIDDEN("hidden states", 1e-3),
  LOGITS("logits", 1e-3);

  private final String title;
  private final double tolerance;

  Stage(String title, double tolerance) {
    this.title = title;
    this.tolerance = tolerance;
  }

  /** The heading of its column. */
  public String title() {
    return title;
  }

  /** Largest absolute difference that counts as the same. */
  public double tolerance() {
    return tolerance;
  }
}
