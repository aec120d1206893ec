package io.github.llava4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.github.llava4j.image.vp8.Vp8Frame;

/** WebP: lossy pictures through {@link Vp8Frame}, lossless ones through the TwelveMonkeys reader. */
final class WebpDecoder {

  private static final int CHUNK_HEADER = 8;
  private static final int ANIMATION_FRAME = 16;

  /** A chunk of the container by its four letters. */
  private record Chunk(String type, int start, int end) {}

  private final byte[] data;
  private final ByteBuffer view;

  private WebpDecoder(byte[] data) {
    this.data = data;
    this.view = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  static Pixels decode(byte[] encoded, Guard guard) throws IOException {
    return new WebpDecoder(encoded).decode(guard);
  }

  /** The EXIF and XMP chunks. */
  static EmbeddedTags tags(byte[] encoded) throws IOException {
    WebpDecoder decoder = new WebpDecoder(encoded);
    return new EmbeddedTags(decoder.content("EXIF"), decoder.content("XMP "));
  }

  private Pixels decode(Guard guard) throws IOException {
    if (Integer.toUnsignedLong(view.getInt(4)) + CHUNK_HEADER > data.length) {
      throw new EOFException("the file ends before the end of its container");
    }
    Chunk lossy = find("VP8 ", 12, data.length);
    if (lossy != null) {
      return lossy(lossy, guard);
    }
    Chunk frame = find("ANMF", 12, data.length);
    Chunk inFrame = frame == null ? null : find("VP8 ", frame.start() + ANIMATION_FRAME, frame.end());
    if (inFrame == null) {
      return RasterConversion.toRgb(
          ImageReaders.read(new WebPImageReaderSpi().createReaderInstance(null), data, guard), false);
    }
    return onCanvas(lossy(inFrame, guard), frame, guard);
  }

  private Pixels lossy(Chunk chunk, Guard guard) throws IOException {
    Vp8Frame frame = Vp8Frame.read(data, chunk.start(), chunk.end());
    guard.requireSize(frame.width(), frame.height());
    return new Pixels(frame.width(), frame.height(), frame.toRgb());
  }

  /** A first frame that is smaller than the animation lies on black, as libwebp clears its canvas. */
  private Pixels onCanvas(Pixels pixels, Chunk frame, Guard guard) throws IOException {
    Chunk extended = find("VP8X", 12, data.length);
    if (extended == null) {
      throw new IOException("an animation needs a VP8X chunk");
    }
    int width = 1 + u24(extended.start() + 4);
    int height = 1 + u24(extended.start() + 7);
    int left = 2 * u24(frame.start());
    int top = 2 * u24(frame.start() + 3);
    guard.requireSize(width, height);
    if (left + pixels.width() > width || top + pixels.height() > height) {
      throw new IOException("a frame is larger than its animation");
    }
    Pixels canvas = Pixels.black(width, height);
    canvas.paste(pixels, left, top);
    return canvas;
  }

  private byte[] content(String type) throws IOException {
    Chunk chunk = find(type, 12, data.length);
    return chunk == null ? null : Arrays.copyOfRange(data, chunk.start(), chunk.end());
  }

  /** The first chunk of a type, or null. */
  private Chunk find(String type, int from, int to) throws IOException {
    for (int at = from; at + CHUNK_HEADER <= to; ) {
      long size = Integer.toUnsignedLong(view.getInt(at + 4));
      long end = at + CHUNK_HEADER + size;
      if (end > to) {
        throw new EOFException("a chunk of the file is cut off");
      }
      if (type.equals(new String(data, at, 4, StandardCharsets.ISO_8859_1))) {
        return new Chunk(type, at + CHUNK_HEADER, (int) end);
      }
      at = (int) Math.min(end + size % 2, to);
    }
    return null;
  }

  private int u24(int at) {
    return Short.toUnsignedInt(view.getShort(at)) | (data[at + 2] & 0xFF) << 16;
  }
}
