package io.github.llava4j.image;

import java.io.IOException;

import io.github.llava4j.ImageException;
import io.github.llava4j.ImageFormatException;

/**
 * From encoded bytes to the pixels that Pillow's {@code Image.open(...).convert("RGB")} gives: the first frame, alpha
 * dropped and not blended, colour profiles ignored.
 */
record ImageDecoder(ImageLimits limits, boolean orient) {

  Pixels decode(byte[] encoded, String name) {
    ImageKind kind = ImageKind.of(encoded).orElseThrow(() -> new ImageFormatException(
        "%s: expected one of %s, but it begins like none of them".formatted(name, limits.kinds())));
    if (!limits.kinds().contains(kind)) {
      throw new ImageFormatException("%s: %s pictures are not accepted, only %s".formatted(name, kind, limits.kinds()));
    }
    Guard guard = new Guard(limits, name);
    try {
      return switch (kind) {
        case JPEG -> {
          JpegHeader header = JpegHeader.parse(encoded);
          yield oriented(JpegDecoder.decode(encoded, header, guard), header.tags());
        }
        case PNG -> {
          PngChunks chunks = PngChunks.parse(encoded);
          yield oriented(PngDecoder.decode(chunks, guard), chunks.tags());
        }
        case WEBP -> oriented(WebpDecoder.decode(encoded, guard), WebpDecoder.tags(encoded));
        case TIFF -> oriented(TiffDecoder.decode(encoded, guard), new EmbeddedTags(encoded, null));
        case GIF -> GifDecoder.decode(encoded, guard);
        case BMP -> BmpDecoder.decode(encoded, guard);
      };
    } catch (IOException | RuntimeException e) {
      throw e instanceof ImageException known ? known : undecodable(kind, name, e);
    } catch (OutOfMemoryError | StackOverflowError e) {
      // A damaged length or nesting inside the file that no header check sees; the heap is whole again by now.
      throw undecodable(kind, name, e);
    }
  }

  private Pixels oriented(Pixels pixels, EmbeddedTags tags) {
    return orient ? Orientation.apply(tags.orientation(), pixels) : pixels;
  }

  private static ImageException undecodable(ImageKind kind, String name, Throwable cause) {
    return new ImageException("%s: expected a whole %s picture, but decoding failed: %s"
        .formatted(name, kind, cause.getMessage() == null ? cause.toString() : cause.getMessage()), cause);
  }
}
