package io.github.llava4j.kernels.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Read-only numbers in memory that somebody else owns, usually a mapped file.
 *
 * <p>The shape is PyTorch's, outermost dimension first; the last dimension is contiguous. Seen as a matrix, a tensor has
 * {@link #rows()} (the first dimension) times {@link #columns()} (all others); the weight of a linear layer is
 * [out, in]. A {@link Layout#TRANSPOSED} matrix keeps that logical shape while its bytes lie [in, out], as PaddlePaddle
 * stores linear layers.
 */
public final class Tensor {

  /** The order of a matrix' bytes. */
  public enum Layout {
    /** Each logical row is contiguous. */
    ROW_MAJOR,
    /** Each logical column is contiguous; plain types only. */
    TRANSPOSED
  }

  private final String name;
  private final DType type;
  private final int[] shape;
  private final Layout layout;
  private final MemorySegment data;

  /**
   * @param shape logical shape, outermost first; every dimension at least 1
   * @param data exactly the bytes of the values, in file byte order (little-endian)
   * @throws IllegalArgumentException if shape, type and byte count do not fit together
   */
  public Tensor(String name, DType type, int[] shape, Layout layout, MemorySegment data) {
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.layout = layout;
    this.data = data;
    if (shape.length == 0 || Arrays.stream(shape).anyMatch(d -> d < 1)) {
      throw new IllegalArgumentException(name + ": bad shape " + Arrays.toString(shape));
    }
    if (layout == Layout.TRANSPOSED && (type.isBlocked() || shape.length != 2)) {
      throw new IllegalArgumentException(name + ": only plain matrices can be stored transposed, not " + this);
    }
    if (columns() % type.blockLength() != 0 || data.byteSize() != type.bytes(count())) {
      throw new IllegalArgumentException(name + ": " + data.byteSize() + " bytes do not hold " + this);
    }
  }

  /** A row-major tensor. */
  public Tensor(String name, DType type, int[] shape, MemorySegment data) {
    this(name, type, shape, Layout.ROW_MAJOR, data);
  }

  /** A heap tensor over (not a copy of) {@code values}. */
  public static Tensor of(String name, float[] values, int... shape) {
    return new Tensor(name, DType.F32, shape, MemorySegment.ofArray(values));
  }

  public String name() {
    return name;
  }

  public DType type() {
    return type;
  }

  public int[] shape() {
    return shape.clone();
  }

  public Layout layout() {
    return layout;
  }

  public MemorySegment data() {
    return data;
  }

  /** The first dimension. */
  public int rows() {
    return shape[0];
  }

  /** The product of all dimensions but the first; 1 for a vector. */
  public int columns() {
    long columns = 1;
    for (int i = 1; i < shape.length; i++) {
      columns *= shape[i];
    }
    return Math.toIntExact(columns);
  }

  /** How many values there are. */
  public long count() {
    return (long) rows() * columns();
  }

  /** The same bytes under another logical shape; row-major tensors only. */
  public Tensor reshaped(int... newShape) {
    return new Tensor(name, type, newShape, layout, data);
  }

  /** Bytes from one logical row to the next; row-major tensors only. */
  public long rowBytes() {
    return type.bytes(columns());
  }

  /** Writes logical row {@code row} as float32 to {@code out[offset ..]}. */
  public void readRow(int row, float[] out, int offset) {
    BlockFormat format = BlockFormat.of(type);
    if (layout == Layout.ROW_MAJOR) {
      format.dequantize(data, row * rowBytes(), out, offset, columns());
      return;
    }
    float[] one = new float[1];
    for (int c = 0; c < columns(); c++) {
      format.dequantize(data, type.bytes((long) c * rows() + row), one, 0, 1);
      out[offset + c] = one[0];
    }
  }

  /** All values as float32, logical row-major order. For small tensors: this copies. */
  public float[] toFloats() {
    float[] out = new float[Math.toIntExact(count())];
    if (layout == Layout.ROW_MAJOR) {
      // A vector is one run of values, not rows of one: block types need whole blocks.
      BlockFormat.of(type).dequantize(data, 0, out, 0, out.length);
    } else {
      for (int row = 0; row < rows(); row++) {
        readRow(row, out, row * columns());
      }
    }
    return out;
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape) + (layout == Layout.TRANSPOSED ? " transposed" : "");
  }
}
