package io.github.llava4j.kernels.vector;

import jdk.incubator.vector.FloatVector;

/** The width of this machine's vectors; touches nothing that narrow or very wide ones would break. */
public final class VectorWidth {

  private VectorWidth() {}

  /** Bits of the widest vector; the kernels need 128, 256 or 512. Only where the module of the Vector API is there. */
  public static int bits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
