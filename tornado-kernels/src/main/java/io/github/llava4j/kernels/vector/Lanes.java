package io.github.llava4j.kernels.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine, and the narrower ones that hold as many values of smaller types, with the loads
 * that several kernels share. All memory is little-endian, as the files are.
 */
final class Lanes {

  static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> I = F.withLanes(int.class);
  static final VectorSpecies<Double> D = F.withLanes(double.class);

  /** As many floats as there are double lanes. */
  static final VectorSpecies<Float> HALF_F =
      VectorSpecies.of(float.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** As many bytes as there are float lanes; not for 128-bit machines, where no vector is so short: see {@link #BYTES}. */
  static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

  /** Float lanes. */
  static final int N = F.length();

  /** Whether {@link #B} fits the float lanes; if not, quantised types take the general path. */
  static final boolean BYTES = B.length() == N;

  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ORDER);

  private static final int HALF_BITS = 0x8fffe000;
  private static final float HALF_SCALE = 0x1p112f;
  private static final float HALF_LIMIT = 0x1p16f;
  private static final int INFINITE = 0x7f800000;

  /** The lower four bits of each lane. */
  static final IntVector NIBBLE = IntVector.broadcast(I, 15);

  private Lanes() {}

  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(F, array, at);
  }

  static FloatVector loadFloats(MemorySegment data, long at) {
    return FloatVector.fromMemorySegment(F, data, at, ORDER);
  }

  static FloatVector loadBfloats(MemorySegment data, long at) {
    return signExtended(ShortVector.fromMemorySegment(S, data, at, ORDER))
        .lanewise(VectorOperators.LSHL, 16)
        .reinterpretAsFloats();
  }

  /**
   * Half-precision values. Their bits, moved to where float32 has sign, exponent and fraction, are the value times
   * 2^-112, for subnormal values too, so one exact product does the rest; only infinities and NaNs, which come out as
   * 2^16 and more, need their exponent filled up.
   */
  static FloatVector loadHalves(MemorySegment data, long at) {
    FloatVector scaled =
        signExtended(ShortVector.fromMemorySegment(S, data, at, ORDER))
            .lanewise(VectorOperators.LSHL, 13)
            .and(HALF_BITS)
            .reinterpretAsFloats()
            .mul(HALF_SCALE);
    VectorMask<Float> infinite = scaled.abs().compare(VectorOperators.GE, HALF_LIMIT);
    return scaled.reinterpretAsInts().lanewise(VectorOperators.OR, INFINITE, infinite.cast(I)).reinterpretAsFloats();
  }

  /** The half-precision number at {@code at}, as a scale of a block. */
  static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(SHORT, at));
  }

  static IntVector signExtended(ShortVector shorts) {
    return (IntVector) shorts.convertShape(VectorOperators.S2I, I, 0);
  }

  /** Signed bytes as floats. */
  static FloatVector loadSigned(MemorySegment data, long at) {
    return (FloatVector) ByteVector.fromMemorySegment(B, data, at, ORDER).convertShape(VectorOperators.B2F, F, 0);
  }

  /** Unsigned bytes as ints. */
  static IntVector loadUnsigned(MemorySegment data, long at) {
    return (IntVector)
        ByteVector.fromMemorySegment(B, data, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
  }

  static FloatVector toFloats(IntVector ints) {
    return (FloatVector) ints.convertShape(VectorOperators.I2F, F, 0);
  }
}
