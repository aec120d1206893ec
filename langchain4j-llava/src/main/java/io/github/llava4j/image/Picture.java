package io.github.llava4j.image;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import org.jspecify.annotations.Nullable;

/**
 * A decoded picture. Two pictures are equal if their pixels are; the name does not count.
 *
 * @param rgb 8-bit red, green, blue of each pixel, row-major from the top left: 3 * width * height bytes; not to be
 *     changed
 * @param hash SHA-256 over size and pixels in hexadecimal: the picture's identity in caches
 * @param name what to call it in messages: a file name, or "image 2"
 */
public record Picture(int width, int height, byte[] rgb, String hash, String name)
    implements ImageInput {

  /** A picture of the given pixels, which are hashed and not copied. */
  public static Picture of(int width, int height, byte[] rgb, String name) {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%s: %d bytes for %d x %d RGB pixels".formatted(name, rgb.length, width, height));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(8).putInt(width).putInt(height).flip());
      return new Picture(width, height, rgb, HexFormat.of().formatHex(digest.digest(rgb)), name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** This picture. */
  @Override
  public Picture decode() {
    return this;
  }

  Pixels pixels() {
    return new Pixels(width, height, rgb);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Picture that && hash.equals(that.hash);
  }

  @Override
  public int hashCode() {
    return hash.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%d x %d, %.12s)".formatted(name, width, height, hash);
  }
}
