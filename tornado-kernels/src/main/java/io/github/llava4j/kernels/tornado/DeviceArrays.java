package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.kernels.DeviceMemoryException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** The arrays of a program: allocates them, or only adds up what they would take. */
final class DeviceArrays {

  /** TornadoVM's own header, at most; see {@link TornadoNativeArray#ARRAY_HEADER}. */
  private static final long HEADER = 24;

  private final long largest;
  private final boolean planning;
  private final List<FloatArray> floats = new ArrayList<>();
  private final List<IntArray> ints = new ArrayList<>();
  private long bytes;

  /**
   * @param largest bytes of the largest single array
   * @param planning whether arrays are only counted
   */
  DeviceArrays(long largest, boolean planning) {
    this.largest = largest;
    this.planning = planning;
  }

  boolean planning() {
    return planning;
  }

  /** How many 4-byte elements one array can have: kernels index them by int. */
  long capacity() {
    return Math.min((largest - HEADER) / 4, Integer.MAX_VALUE - 64);
  }

  /** An array that stays on the device. */
  FloatArray floats(String what, long size) {
    FloatArray array = new FloatArray(elements(what, size));
    floats.add(array);
    return array;
  }

  /** An array that stays on the device. */
  IntArray ints(String what, long size) {
    IntArray array = new IntArray(elements(what, size));
    ints.add(array);
    return array;
  }

  /** An array that is sent before each run. */
  FloatArray sent(String what, long size) {
    return new FloatArray(elements(what, size));
  }

  private int elements(String what, long size) {
    long elements = Math.max(1, size);
    if (elements > capacity()) {
      throw new DeviceMemoryException(
          what + " needs an array of " + elements * 4 + " bytes, and the device allows " + capacity() * 4
              + ": choose a shorter context, fewer parallel sequences or a smaller quantisation");
    }
    bytes += elements * 4 + HEADER;
    return planning ? 1 : (int) elements;
  }

  /** All arrays so far that hold floats. */
  List<FloatArray> floats() {
    return floats;
  }

  /** All arrays so far that hold integers. */
  List<IntArray> ints() {
    return ints;
  }

  /** What all take on the device, and as their copies on the host. */
  long bytes() {
    return bytes;
  }
}
