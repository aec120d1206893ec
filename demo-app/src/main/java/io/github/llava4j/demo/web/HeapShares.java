package io.github.llava4j.demo.web;

import java.util.Map;

import io.github.llava4j.spring.LlavaProperties;

/**
 * How the server divides its heap, unless its properties say otherwise: so that all that it takes at the same time
 * leaves some of it free, whatever comes. A process of its own shares its heap with nobody, while the starter's defaults
 * leave room for an application. See docs/serving.md.
 */
enum HeapShares {

  /** Bodies that are read or answered, in base64; their pictures' bytes, three quarters of that, come on top. */
  BODIES(8),
  /** Pictures that are being decoded: a raster and its pixels. */
  DECODING(4),
  /** Tiles of requests that wait. */
  TILES(8),
  /** Embeddings of pictures seen before. */
  EMBEDDINGS(16),
  /** Tiles of pictures seen before. */
  KNOWN_TILES(32);

  private static final int BYTES_PER_DECODED_PIXEL = 8;
  /** More is of no use to a conversation. */
  private static final long MOST_PIXELS = 100_000_000;
  private static final long MOST_EMBEDDINGS = 256L << 20;

  private final int divisor;

  HeapShares(int divisor) {
    this.divisor = divisor;
  }

  long bytes() {
    return Runtime.getRuntime().maxMemory() / divisor;
  }

  /** The starter's properties for them. */
  static Map<String, Object> properties() {
    long pixels = Math.min(DECODING.bytes() / BYTES_PER_DECODED_PIXEL, MOST_PIXELS);
    return Map.of(
        LlavaProperties.PREFIX + ".image.max-pixels", pixels,
        LlavaProperties.PREFIX + ".limits.decode-pixels", pixels,
        LlavaProperties.PREFIX + ".limits.max-waiting-bytes", TILES.bytes() + "B",
        LlavaProperties.PREFIX + ".limits.tile-cache-bytes", KNOWN_TILES.bytes() + "B",
        LlavaProperties.PREFIX + ".image-cache", Math.min(EMBEDDINGS.bytes(), MOST_EMBEDDINGS) + "B");
  }
}
