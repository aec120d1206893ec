package io.github.llava4j.kernels;

/**
 * A named float32 matrix that operations read and write: [extent, width], row-major.
 *
 * @param name unique within its {@link Program}
 * @param width values per row
 * @param extent what a row stands for
 */
@Internal
public record Buffer(String name, int width, Extent extent) {

  /** What one row of a buffer belongs to, hence how many rows there are in a run. */
  public enum Extent {
    /** A row of the {@link Batch}. */
    ROWS,
    /** A row that the batch asks results for. */
    OUTPUTS,
    /** A slot of the batch: from 0 to the largest slot number in it. */
    SLOTS
  }

  public Buffer {
    if (width < 1) {
      throw new IllegalArgumentException("buffer " + name + ": width " + width);
    }
  }
}
