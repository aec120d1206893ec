package io.github.llava4j.image;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import io.github.llava4j.ImageException;
import io.github.llava4j.ImageFormatException;
import io.github.llava4j.ImageTooLargeException;
import io.github.llava4j.InsufficientMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * A picture that is not decoded yet. Its header was read and is within the {@link ImageLimits}; it holds the encoded
 * bytes and little more. {@link ImageLoader#open} makes them. Immutable and thread-safe.
 *
 * <p>Two are equal if their {@link #identity()} is; the name does not count.
 */
public final class EncodedPicture implements ImageInput {

  private final byte[] encoded;
  private final ImageKind kind;
  private final Header header;
  private final String name;
  private final String identity;

  private EncodedPicture(byte[] encoded, ImageKind kind, Header header, String name, String identity) {
    this.encoded = encoded;
    this.kind = kind;
    this.header = header;
    this.name = name;
    this.identity = identity;
  }

  /** Reads the header and checks it against the limits. */
  static EncodedPicture of(byte[] encoded, String name, ImageLimits limits, boolean orient) {
    ImageKind kind = ImageKind.of(encoded).orElseThrow(() -> new ImageFormatException(
        "%s: expected one of %s, but it begins like none of them".formatted(name, limits.kinds())));
    if (!limits.kinds().contains(kind)) {
      throw new ImageFormatException("%s: %s pictures are not accepted, only %s".formatted(name, kind, limits.kinds()));
    }
    Header header;
    try {
      header = Format.of(kind).header(encoded);
    } catch (IOException | RuntimeException e) {
      throw damaged(name, kind, e);
    }
    requireSize(header, name, limits);
    return new EncodedPicture(encoded, kind, orient ? header : header.upright(), name, identity(encoded, orient));
  }

  /** The file as it came; not to be changed. */
  public byte[] encoded() {
    return encoded;
  }

  /** The format, told by the first bytes. */
  public ImageKind kind() {
    return kind;
  }

  /** Width as shown: after the EXIF orientation if the loader applies it. */
  @Override
  public int width() {
    return header.shownWidth();
  }

  /** Height as shown: after the EXIF orientation if the loader applies it. */
  @Override
  public int height() {
    return header.shownHeight();
  }

  @Override
  public String name() {
    return name;
  }

  /** SHA-256 in hexadecimal over the encoded bytes and whether EXIF orientation is applied. */
  public String identity() {
    return identity;
  }

  /** An estimate of the most heap that {@link #decode()} holds at a time, in bytes; the encoded bytes are not in it. */
  public long decodingBytes() {
    return header.decodingBytes();
  }

  @Override
  public Picture decode() {
    return decode(Runtime.getRuntime().maxMemory());
  }

  /** Decodes if a heap of so many bytes can hold it. */
  Picture decode(long maxHeap) {
    if (decodingBytes() > maxHeap) {
      // Trying it would also give an OutOfMemoryError to whoever else allocates in the meantime.
      throw new InsufficientMemoryException(notEnoughHeap());
    }
    try {
      Pixels stored = Format.of(kind).decode(encoded, header);
      if (stored.width() != header.width() || stored.height() != header.height()) {
        throw new IOException("the header promises %d x %d pixels, but there are %d x %d"
            .formatted(header.width(), header.height(), stored.width(), stored.height()));
      }
      Pixels shown = Orientation.apply(header.orientation(), stored);
      return Picture.of(shown.width(), shown.height(), shown.rgb(), name);
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(notEnoughHeap(), e);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // A stack overflows where a damaged file nests without end.
      throw damaged(name, kind, e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EncodedPicture that && identity.equals(that.identity);
  }

  @Override
  public int hashCode() {
    return identity.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%s, %d x %d, %d bytes, %.12s)".formatted(name, kind, width(), height(), encoded.length, identity);
  }

  private String notEnoughHeap() {
    return ("not enough heap to decode %s (%d x %d, about %d MB): start java with a larger -Xmx, or send a smaller"
        + " picture").formatted(name, width(), height(), Math.ceilDiv(decodingBytes(), 1_000_000L));
  }

  private static void requireSize(Header header, String name, ImageLimits limits) {
    long width = header.width();
    long height = header.height();
    if (width < 1 || height < 1) {
      throw new ImageException("%s: expected a picture, but its size is %d x %d".formatted(name, width, height));
    }
    if (width > limits.maxSide() || height > limits.maxSide() || width * height > limits.maxPixels()) {
      throw new ImageTooLargeException("%s: %d x %d pixels exceed the limits of %d pixels and %d per side"
          .formatted(name, width, height, limits.maxPixels(), limits.maxSide()));
    }
  }

  private static ImageException damaged(String name, ImageKind kind, Throwable cause) {
    return new ImageException("%s: expected a whole %s picture, but decoding failed: %s"
        .formatted(name, kind, cause.getMessage() == null ? cause.toString() : cause.getMessage()), cause);
  }

  private static String identity(byte[] encoded, boolean orient) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) (orient ? 1 : 0));
      return HexFormat.of().formatHex(digest.digest(encoded));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
