package io.github.llava4j.kernels;

/**
 * How a program is to be compiled.
 *
 * @param limits the largest run
 * @param precision what may be rounded
 * @param kvType how caches keep their values
 */
@Internal
public record CompileOptions(Limits limits, Precision precision, KvType kvType) {

  /** The reference: nothing is rounded. */
  public static CompileOptions of(Limits limits) {
    return new CompileOptions(limits, Precision.EXACT, KvType.F32);
  }

  /** The same with caches of another type. */
  public CompileOptions withKvType(KvType type) {
    return new CompileOptions(limits, precision, type);
  }

  /**
   * For backends that round nothing.
   *
   * @throws UnsupportedOperationException if a faster precision is asked for
   */
  public void requireExact(String backend) {
    if (precision != Precision.EXACT) {
      throw new UnsupportedOperationException(
          "the " + backend + " backend does not offer precision " + precision + "; choose " + Precision.EXACT);
    }
  }
}
