package io.github.llava4j.engine;

import java.time.Duration;

import io.github.llava4j.image.ImageLimits;
import org.jspecify.annotations.Nullable;

/**
 * Everything that bounds what requests may cost. A request that exceeds a limit is refused by an exception that names
 * the limit, before the work that the limit is about is begun.
 *
 * <p>Together they bound the heap that requests take, however many come: {@code maxWaitingBytes} for tiles,
 * {@code tileCacheBytes}, the engine's {@code imageCacheBytes}, and about eight bytes for each of {@code decodePixels}.
 * The encoded pictures of a request belong to the caller.
 *
 * @param image what a single picture may cost; a picture that costs more is an
 *     {@link io.github.llava4j.ImageTooLargeException}
 * @param maxImages pictures of one request, those of earlier turns included
 * @param maxRequestPixels pixels of all pictures of one request
 * @param decodePixels pixels that are decoded at the same time; others wait for their turn, and a larger picture is
 *     decoded alone
 * @param maxWaiting requests that may wait besides those that run; one more is an
 *     {@link io.github.llava4j.EngineBusyException}
 * @param maxWaitingBytes tiles of all requests that wait or run, four bytes a value; one more is an
 *     {@link io.github.llava4j.EngineBusyException}
 * @param tileCacheBytes tiles kept of pictures seen before, so that a conversation does not decode them in each turn
 * @param timeout how long a request may take, waiting included, unless it says so itself; null for as long as it needs
 */
public record EngineLimits(
    ImageLimits image,
    int maxImages,
    long maxRequestPixels,
    long decodePixels,
    int maxWaiting,
    long maxWaitingBytes,
    long tileCacheBytes,
    @Nullable Duration timeout) {

  /** What fits the heap of this JVM. */
  public static final EngineLimits DEFAULT = builder().build();

  /** Bytes of heap for a pixel that is being decoded: the decoder's own raster and the result. */
  static final int DECODE_BYTES_PER_PIXEL = 8;

  public EngineLimits {
    require(image != null, "image", image);
    require(maxImages >= 1, "maxImages", maxImages);
    require(maxRequestPixels >= 1, "maxRequestPixels", maxRequestPixels);
    require(decodePixels >= 1, "decodePixels", decodePixels);
    require(maxWaiting >= 1, "maxWaiting", maxWaiting);
    require(maxWaitingBytes >= 1, "maxWaitingBytes", maxWaitingBytes);
    require(tileCacheBytes >= 0, "tileCacheBytes", tileCacheBytes);
    require(timeout == null || timeout.isPositive(), "timeout", timeout);
  }

  private static void require(boolean ok, String name, @Nullable Object value) {
    if (!ok) {
      throw new IllegalArgumentException("engine limit " + name + " must not be " + value);
    }
  }

  /**
   * The default of each limit: 100 pictures and 500 megapixels a request, 64 waiting requests, no timeout; a quarter of
   * the heap for waiting tiles, a sixteenth but at most 64 MB for tiles seen before, and as many pixels at the same time
   * as take half of the heap, but at most 100 million.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** These limits, to change some of them. */
  public Builder toBuilder() {
    return builder().image(image).maxImages(maxImages).maxRequestPixels(maxRequestPixels).decodePixels(decodePixels)
        .maxWaiting(maxWaiting).maxWaitingBytes(maxWaitingBytes).tileCacheBytes(tileCacheBytes).timeout(timeout);
  }

  /** Collects limits; anything not set has its default. */
  public static final class Builder {

    private static final long HEAP = Runtime.getRuntime().maxMemory();

    private ImageLimits image = ImageLimits.DEFAULT;
    private int maxImages = 100;
    private long maxRequestPixels = 500_000_000;
    private long decodePixels = Math.clamp(HEAP / 2 / DECODE_BYTES_PER_PIXEL, 1, 100_000_000);
    private int maxWaiting = 64;
    private long maxWaitingBytes = HEAP / 4;
    private long tileCacheBytes = Math.min(HEAP / 16, 64L << 20);
    private @Nullable Duration timeout;

    private Builder() {}

    public Builder image(ImageLimits value) {
      image = value;
      return this;
    }

    public Builder maxImages(int value) {
      maxImages = value;
      return this;
    }

    public Builder maxRequestPixels(long value) {
      maxRequestPixels = value;
      return this;
    }

    public Builder decodePixels(long value) {
      decodePixels = value;
      return this;
    }

    public Builder maxWaiting(int value) {
      maxWaiting = value;
      return this;
    }

    public Builder maxWaitingBytes(long value) {
      maxWaitingBytes = value;
      return this;
    }

    public Builder tileCacheBytes(long value) {
      tileCacheBytes = value;
      return this;
    }

    public Builder timeout(@Nullable Duration value) {
      timeout = value;
      return this;
    }

    public EngineLimits build() {
      return new EngineLimits(
          image, maxImages, maxRequestPixels, decodePixels, maxWaiting, maxWaitingBytes, tileCacheBytes, timeout);
    }
  }
}
