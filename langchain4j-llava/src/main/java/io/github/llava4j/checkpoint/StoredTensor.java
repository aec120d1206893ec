package io.github.llava4j.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as a container holds it, before anybody has asked what it is for.
 *
 * @param file the file, for messages
 * @param name its name there
 * @param typeName its type in the container's words
 * @param type the same as we know it, or null if we cannot compute with it
 * @param shape outermost dimension first
 * @param columnMajor whether a matrix' columns are contiguous rather than its rows
 */
record StoredTensor(
    Object file, String name, String typeName, @Nullable DType type, long[] shape, boolean columnMajor, MemorySegment data) {

  /**
   * The number of values of a shape.
   *
   * @throws CheckpointException if a dimension is negative or the product does not fit a long
   */
  static long count(Object file, String name, long[] shape) {
    long count = 1;
    for (long dimension : shape) {
      if (dimension < 0 || dimension > 0 && count > Long.MAX_VALUE / 64 / dimension) {
        throw new CheckpointException(file + ": tensor " + name + " has impossible shape " + Arrays.toString(shape));
      }
      count *= dimension;
    }
    return count;
  }

  /** The same bytes as the transposed matrix. */
  StoredTensor transposed() {
    long[] turned = {shape[1], shape[0]};
    return new StoredTensor(file, name, typeName, type, turned, !columnMajor, data);
  }

  /**
   * This tensor in the role of {@code canonicalName}.
   *
   * @throws CheckpointException if shape or type do not fit
   */
  Tensor as(String canonicalName, int[] expected) {
    if (!Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray())) {
      throw error(
          "has shape " + Arrays.toString(shape) + ", but " + canonicalName + " must have " + Arrays.toString(expected));
    }
    if (type == null) {
      throw error("has type " + typeName + "; known are " + Arrays.toString(DType.values()));
    }
    if (columnMajor && expected.length > 2) {
      throw error("is stored in Fortran order, which is supported for matrices only");
    }
    Tensor.Layout layout =
        columnMajor && expected.length == 2 ? Tensor.Layout.TRANSPOSED : Tensor.Layout.ROW_MAJOR;
    return new Tensor(canonicalName, type, expected, layout, data);
  }

  CheckpointException error(String problem) {
    return new CheckpointException(file + ": tensor " + name + " " + problem);
  }
}
