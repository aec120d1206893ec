package io.github.llava4j.kernels.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import io.github.llava4j.kernels.tensor.BlockFormat;
import io.github.llava4j.kernels.tensor.DType;
import io.github.llava4j.kernels.tensor.Quantizer;
import io.github.llava4j.kernels.tensor.Tensor;

/** Brings a tensor into some rows of a {@link Matrix}: copies where the bytes agree, repacks where they do not. */
final class MatrixWriter {

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  /** Adds 128 to each of eight bytes. */
  private static final long BIAS = 0x8080808080808080L;
  /** Rows of a transposed tensor that are gathered at a time, so that whole cache lines are read. */
  private static final int STRIP = 64;

  private final Matrix to;
  private final MemorySegment floats;
  private final MemorySegment ints;
  private final long firstRow;

  /** @param firstRow where the tensor begins, counted over all layers of the stack */
  MatrixWriter(Matrix to, long firstRow) {
    this.to = to;
    this.floats = to.floats().getSegment();
    this.ints = to.ints().getSegment();
    this.firstRow = firstRow;
  }

  void write(Tensor tensor) {
    boolean transposed = tensor.layout() == Tensor.Layout.TRANSPOSED;
    // Rows of halves begin at whole integers.
    boolean padded = to.format() == Format.F16 && to.columns() % 2 != 0;
    if (!transposed && !padded && tensor.type() == to.format().type()) {
      copy(tensor.data(), 0);
      return;
    }
    int columns = to.columns();
    float[] strip = new float[STRIP * columns];
    MemorySegment row = MemorySegment.ofArray(new byte[Math.toIntExact(to.format().type().bytes(columns))]);
    Quantizer quantizer = Quantizer.of(to.format().type());
    for (int from = 0; from < tensor.rows(); from += STRIP) {
      int count = Math.min(STRIP, tensor.rows() - from);
      if (transposed) {
        gather(tensor, from, count, strip);
      }
      for (int r = 0; r < count; r++) {
        if (!transposed) {
          tensor.readRow(from + r, strip, r * columns);
        }
        quantizer.quantize(strip, r * columns, columns, row, 0);
        copy(row, from + r);
      }
    }
  }

  /** Rows of a tensor whose columns are contiguous. */
  private static void gather(Tensor tensor, int from, int count, float[] strip) {
    float[] part = new float[count];
    DType type = tensor.type();
    for (int c = 0; c < tensor.columns(); c++) {
      BlockFormat.of(type).dequantize(
          tensor.data(), type.bytes((long) c * tensor.rows() + from), part, 0, count);
      for (int r = 0; r < count; r++) {
        strip[r * tensor.columns() + c] = part[r];
      }
    }
  }

  /** Takes over rows that are stored as this format stores them. */
  private void copy(MemorySegment rows, int row) {
    long firstFloat = (firstRow + row) * to.format().floats(to.columns()) * Float.BYTES;
    long firstInt = (firstRow + row) * to.stride() * Integer.BYTES;
    switch (to.format()) {
      case F32 -> MemorySegment.copy(rows, 0, floats, firstFloat, rows.byteSize());
      case F16 -> MemorySegment.copy(rows, 0, ints, firstInt, rows.byteSize());
      case Q8_0 -> split(rows, firstFloat, firstInt, BIAS);
      case Q4_0 -> split(rows, firstFloat, firstInt, 0);
    }
  }

  /** Scales go to one array and quants to the other, so that both are aligned. */
  private void split(MemorySegment rows, long firstFloat, long firstInt, long bias) {
    int blockBytes = to.format().type().blockBytes();
    int quantBytes = blockBytes - Short.BYTES;
    long blocks = rows.byteSize() / blockBytes;
    for (long block = 0; block < blocks; block++) {
      long from = block * blockBytes;
      floats.set(
          ValueLayout.JAVA_FLOAT_UNALIGNED, firstFloat + block * Float.BYTES,
          Float.float16ToFloat(rows.get(SHORT, from)));
      for (int i = 0; i < quantBytes; i += Long.BYTES) {
        ints.set(LONG, firstInt + block * quantBytes + i, rows.get(LONG, from + Short.BYTES + i) ^ bias);
      }
    }
  }
}
