package io.github.llava4j.image.vp8;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * A key frame of VP8, which is what a lossy WebP picture is: RFC 6386. Its pixels are those that libwebp makes of it.
 *
 * <p>The size is known before anything is decoded, so that a caller can refuse it before memory is taken for it.
 */
public final class Vp8Frame {

  private static final int TAG = 3;
  private static final int SIZE_AT = 6;
  private static final int HEADER = 10;
  private static final int LAST_VERSION = 3;
  private static final int PARTITION_SIZE = 3;

  private final byte[] data;
  private final int end;
  private final int firstPartitionEnd;
  private final int firstPartition;
  private final int width;
  private final int height;

  private Vp8Frame(byte[] data, int start, int end) throws IOException {
    if (end - start < HEADER) {
      throw new EOFException("the picture ends within its header");
    }
    int tag = u24(data, start);
    if ((tag & 1) != 0 || (tag >> 1 & 7) > LAST_VERSION || (tag >> 4 & 1) == 0) {
      throw new IOException("expected a key frame of VP8 that is to be shown");
    }
    if (u24(data, start + TAG) != 0x2A019D) {
      throw new IOException("expected the start code of a VP8 frame");
    }
    this.data = data;
    this.end = end;
    this.width = u16(data, start + SIZE_AT) & 0x3FFF;
    this.height = u16(data, start + SIZE_AT + 2) & 0x3FFF;
    if (width == 0 || height == 0) {
      throw new IOException("expected a picture, but its size is %d x %d".formatted(width, height));
    }
    this.firstPartition = start + HEADER;
    int size = tag >> 5;
    if (size > end - firstPartition) {
      throw new EOFException("the picture ends within its first partition");
    }
    this.firstPartitionEnd = firstPartition + size;
  }

  /**
   * Reads the uncompressed part of the header (section 9.1).
   *
   * @param data holds the frame from {@code start} to before {@code end}; it is not copied
   */
  public static Vp8Frame read(byte[] data, int start, int end) throws IOException {
    return new Vp8Frame(data, start, end);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Decodes the frame: 3 * width * height bytes, row by row. */
  public byte[] toRgb() throws IOException {
    int columns = Math.ceilDiv(width, Macroblock.SIZE);
    int rows = Math.ceilDiv(height, Macroblock.SIZE);
    BoolDecoder first = new BoolDecoder(data, firstPartition, firstPartitionEnd);
    FrameHeader header = FrameHeader.read(first);
    BoolDecoder[] partitions = partitions(header.partitions(), rows);
    Planes planes = Planes.of(columns, rows);
    LoopFilter filter = new LoopFilter(header.filter(), columns, rows);
    ModeReader modes = new ModeReader(first, header, columns);
    ResidualReader residuals = new ResidualReader(header.tokenProbabilities(), columns);
    Reconstruction reconstruction = new Reconstruction(planes, columns);
    Macroblock block = new Macroblock();
    for (int row = 0; row < rows; row++) {
      modes.startRow();
      residuals.startRow();
      for (int column = 0; column < columns; column++) {
        modes.read(block, column);
        if (block.skipped) {
          residuals.skip(block, column);
        } else {
          residuals.read(partitions[row % partitions.length], block, column, header.quantizers()[block.segment]);
        }
        reconstruction.add(block, column, row);
        filter.note(block, column, row, header.segmentation());
        if (!block.skipped) {
          Arrays.fill(block.coefficients, (short) 0);
        }
      }
    }
    filter.apply(planes);
    return RgbConversion.convert(planes, width, height);
  }

  /**
   * The partitions of coefficients (section 9.5), whose rows take turns. A size that reaches beyond the end of the
   * frame is cut: what counts is whether the partition ends before its last coefficient.
   */
  private BoolDecoder[] partitions(int count, int rows) throws IOException {
    int sizes = firstPartitionEnd;
    int at = sizes + PARTITION_SIZE * (count - 1);
    if (at >= end) {
      throw new EOFException("the picture ends before its coefficients");
    }
    BoolDecoder[] partitions = new BoolDecoder[count];
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      int size = last ? end - at : Math.min(u24(data, sizes + PARTITION_SIZE * i), end - at);
      if (last || i < rows) {
        partitions[i] = new BoolDecoder(data, at, at + size);
      }
      at += size;
    }
    return partitions;
  }

  private static int u16(byte[] data, int at) {
    return data[at] & 0xFF | (data[at + 1] & 0xFF) << 8;
  }

  private static int u24(byte[] data, int at) {
    return u16(data, at) | (data[at + 2] & 0xFF) << 16;
  }
}
