package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The chunks of a WebP file, read by the rules of libwebp's demuxer, which Pillow uses: what follows the container that
 * the RIFF header measures does not count, and metadata counts only if the flags of the VP8X chunk announce it.
 *
 * @param width of the canvas in pixels
 * @param height likewise
 * @param frame the first frame
 */
record WebpContainer(int width, int height, Frame frame, EmbeddedTags tags) {

  /** A frame and where its left upper corner lies on the canvas. Lossy data are a VP8 frame, others VP8L. */
  record Frame(Chunk chunk, int left, int top) {

    boolean lossy() {
      return chunk.type().equals("VP8 ");
    }
  }

  /** The bytes of a chunk, without its header and padding. */
  record Chunk(String type, int start, int end) {}

  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;
  private static final int ANIMATION_FLAG = 2;
  private static final int XMP_FLAG = 4;
  private static final int EXIF_FLAG = 8;
  private static final int SIZE_BITS = 14;

  static WebpContainer parse(byte[] data) throws IOException {
    return new Parser(data).parse();
  }

  /** The state of one walk over a file. */
  private static final class Parser {

    private final byte[] data;
    private final ByteBuffer view;

    Parser(byte[] data) {
      this.data = data;
      this.view = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    WebpContainer parse() throws IOException {
      long end = Integer.toUnsignedLong(view.getInt(4)) + CHUNK_HEADER;
      if (end > data.length) {
        throw new EOFException("the file ends before the end of its container");
      }
      Chunk first = chunk(RIFF_HEADER, (int) end);
      return switch (first.type()) {
        case "VP8 ", "VP8L" -> {
          int[] size = size(first);
          yield new WebpContainer(size[0], size[1], new Frame(first, 0, 0), new EmbeddedTags(null, null));
        }
        case "VP8X" -> extended(first, (int) end);
        default -> throw new IOException("expected a picture or a VP8X chunk, not " + first.type());
      };
    }

    private WebpContainer extended(Chunk head, int end) throws IOException {
      int flags = data[head.start()];
      int width = 1 + u24(head.start() + 4);
      int height = 1 + u24(head.start() + 7);
      Frame frame = null;
      byte[] exif = null;
      byte[] xmp = null;
      for (int at = next(head); end - at >= CHUNK_HEADER; ) {
        Chunk chunk = chunk(at, end);
        at = next(chunk);
        switch (chunk.type()) {
          case "VP8 ", "VP8L" -> frame = frame == null ? still(chunk, flags, width, height) : frame;
          case "ANMF" -> frame = frame == null ? animated(chunk, width, height) : frame;
          case "EXIF" -> exif = exif == null && (flags & EXIF_FLAG) != 0 ? content(chunk) : exif;
          case "XMP " -> xmp = xmp == null && (flags & XMP_FLAG) != 0 ? content(chunk) : xmp;
          default -> { }
        }
      }
      if (frame == null) {
        throw new EOFException("there is no picture in the file");
      }
      return new WebpContainer(width, height, frame, new EmbeddedTags(exif, xmp));
    }

    private Frame still(Chunk chunk, int flags, int width, int height) throws IOException {
      int[] size = size(chunk);
      if ((flags & ANIMATION_FLAG) != 0 || size[0] != width || size[1] != height) {
        throw new IOException("the picture is not what the VP8X chunk says");
      }
      return new Frame(chunk, 0, 0);
    }

    private Frame animated(Chunk chunk, int width, int height) throws IOException {
      int left = 2 * u24(chunk.start());
      int top = 2 * u24(chunk.start() + 3);
      int at = chunk.start() + FRAME_HEADER;
      Chunk inside = chunk(at, chunk.end());
      while (!inside.type().equals("VP8 ") && !inside.type().equals("VP8L")) {
        inside = chunk(next(inside), chunk.end());
      }
      int[] size = size(inside);
      if (left + size[0] > width || top + size[1] > height) {
        throw new IOException("a frame is larger than its animation");
      }
      return new Frame(inside, left, top);
    }

    /** Width and height of a frame by its own header. */
    private int[] size(Chunk chunk) throws IOException {
      int start = chunk.start();
      if (chunk.end() - start < 10) {
        throw new EOFException("the picture ends within its header");
      }
      if (chunk.type().equals("VP8 ")) {
        return new int[] {view.getShort(start + 6) & 0x3FFF, view.getShort(start + 8) & 0x3FFF};
      }
      int bits = view.getInt(start + 1);
      int mask = (1 << SIZE_BITS) - 1;
      return new int[] {1 + (bits & mask), 1 + (bits >> SIZE_BITS & mask)};
    }

    private Chunk chunk(int at, int end) throws EOFException {
      if (end - at < CHUNK_HEADER) {
        throw new EOFException("the file ends before the picture");
      }
      long to = at + CHUNK_HEADER + Integer.toUnsignedLong(view.getInt(at + 4));
      if (to > end) {
        throw new EOFException("a chunk of the file is cut off");
      }
      return new Chunk(new String(data, at, 4, StandardCharsets.ISO_8859_1), at + CHUNK_HEADER, (int) to);
    }

    /** Chunks begin at even places of the container. */
    private static int next(Chunk chunk) {
      return chunk.end() + (chunk.end() - chunk.start() & 1);
    }

    private byte[] content(Chunk chunk) {
      return Arrays.copyOfRange(data, chunk.start(), chunk.end());
    }

    private int u24(int at) {
      return Short.toUnsignedInt(view.getShort(at)) | (data[at + 2] & 0xFF) << 16;
    }
  }
}
