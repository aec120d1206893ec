package io.github.llava4j.image;

import java.io.IOException;

import io.github.llava4j.image.WebpContainer.Chunk;
import io.github.llava4j.image.WebpContainer.Frame;
import io.github.llava4j.image.vp8.Vp8Frame;
import io.github.llava4j.image.vp8l.Vp8lFrame;

/** The first frame of a WebP: lossy ones through {@link Vp8Frame}, lossless ones through {@link Vp8lFrame}. */
final class WebpDecoder implements Format {

  // The planes of a lossy picture; the pixels of a lossless one, and once more with a palette.
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

  private static Pixels lossless(byte[] data, Chunk chunk) throws IOException {
    Vp8lFrame frame = Vp8lFrame.read(data, chunk.start(), chunk.end());
    return new Pixels(frame.width(), frame.height(), frame.toRgb());
  }
}
