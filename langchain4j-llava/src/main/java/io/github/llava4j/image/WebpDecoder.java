package io.github.llava4j.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import io.github.llava4j.image.WebpContainer.Chunk;
import io.github.llava4j.image.WebpContainer.Frame;
import io.github.llava4j.image.vp8.Vp8Frame;

/** The first frame of a WebP: lossy ones through {@link Vp8Frame}, lossless ones through the TwelveMonkeys reader. */
final class WebpDecoder implements Format {

  private static final int CONTAINER = 20;
  // Samples and the planes of a lossy picture, or the two rasters of a lossless one.
  private static final int LOSSY_BYTES = 2;
  private static final int LOSSLESS_BYTES = 8;

  @Override
  public Header header(byte[] encoded) throws IOException {
    WebpContainer file = WebpContainer.parse(encoded);
    return new Header(file.width(), file.height(), file.frame().lossy() ? LOSSY_BYTES : LOSSLESS_BYTES,
        file.tags().orientation());
  }

  @Override
  public Pixels decode(byte[] encoded, Header header) throws IOException {
    Frame frame = WebpContainer.parse(encoded).frame();
    Pixels pixels = frame.lossy() ? lossy(encoded, frame.chunk()) : lossless(encoded, frame.chunk());
    if (pixels.width() == header.width() && pixels.height() == header.height()) {
      return pixels;
    }
    // A first frame that is smaller than the animation lies on black, as libwebp clears its canvas.
    Pixels canvas = Pixels.black(header.width(), header.height());
    canvas.paste(pixels, frame.left(), frame.top());
    return canvas;
  }

  private static Pixels lossy(byte[] data, Chunk chunk) throws IOException {
    Vp8Frame frame = Vp8Frame.read(data, chunk.start(), chunk.end());
    return new Pixels(frame.width(), frame.height(), frame.toRgb());
  }

  /** The reader gets a file that holds the frame and nothing else. */
  private static Pixels lossless(byte[] data, Chunk chunk) throws IOException {
    int length = chunk.end() - chunk.start();
    int padded = length + (length & 1);
    ByteBuffer file = ByteBuffer.allocate(CONTAINER + padded).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(CONTAINER - 8 + padded);
    file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(length);
    file.put(data, chunk.start(), length);
    int bits = file.getInt(CONTAINER + 1);
    return RasterConversion.toRgb(ImageReaders.read(new WebPImageReaderSpi().createReaderInstance(null), file.array(),
        1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), reader -> reader.read(0)), false);
  }
}
