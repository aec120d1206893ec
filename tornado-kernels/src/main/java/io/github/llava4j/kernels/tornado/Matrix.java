package io.github.llava4j.kernels.tornado;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A stack of matrices on the device, [layers, rows, columns].
 *
 * @param floats values (F32) or scales (Q8_0, Q4_0); one unused value for F16
 * @param ints packed values; one unused for F32
 * @param stride words per row, see {@link Format#stride}
 */
record Matrix(Format format, FloatArray floats, IntArray ints, int rows, int columns, int stride) {

  int code() {
    return format.code();
  }
}
