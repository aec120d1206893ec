package io.github.llava4j.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import io.github.llava4j.ImageException;
import io.github.llava4j.ImageTooLargeException;
import io.github.llava4j.InsufficientMemoryException;

/**
 * Turns a source into a picture, within limits. The only class of this package that opens files and connections.
 *
 * <p>Every failure is an {@link ImageException} that names the picture.
 *
 * @param limits what is refused
 * @param orient whether EXIF orientation is applied: true is what Hugging Face's image loading does, false the
 *     original LLaVA and PaddleMIX
 * @param remoteHosts names of the hosts from which pictures are fetched; empty: none. An address is matched exactly
 *     and redirects are not followed, so that a request cannot make this machine look at its own network.
 */
public record ImageLoader(ImageLimits limits, boolean orient, Set<String> remoteHosts) {

  /** Default limits, EXIF orientation applied, nothing fetched. */
  public static final ImageLoader DEFAULT = new ImageLoader(ImageLimits.DEFAULT, true, Set.of());

  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

  public ImageLoader {
    remoteHosts = Set.copyOf(remoteHosts);
  }

  /**
   * Reads the file and its header, and checks them against the limits; no pixel is decoded.
   *
   * @throws ImageException if it cannot be read, is no picture, or exceeds a limit
   * @throws InsufficientMemoryException if the heap is too small for the encoded bytes
   */
  public EncodedPicture open(ImageSource source) {
    try {
      byte[] encoded = switch (source) {
        case ImageSource.Bytes(byte[] bytes, String name) -> bytes;
        case ImageSource.File(Path path) -> readFile(path);
        case ImageSource.Remote(URI uri) -> fetch(uri);
      };
      requireSize(encoded.length, source.name());
      return EncodedPicture.of(encoded, source.name(), limits, orient);
    } catch (OutOfMemoryError e) {
      throw new InsufficientMemoryException(
          "not enough heap to read %s: start java with a larger -Xmx, or send a smaller picture"
              .formatted(source.name()), e);
    }
  }

  /** Reads, checks and decodes: {@link #open} and {@link EncodedPicture#decode}. */
  public Picture load(ImageSource source) {
    return open(source).decode();
  }

  private byte[] readFile(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ImageException("%s: expected a picture, but there is no such file".formatted(path));
    }
    try (InputStream in = Files.newInputStream(path)) {
      requireSize(Files.size(path), path.toString());
      return readAll(in);
    } catch (IOException e) {
      throw new ImageException("%s: cannot be read: %s".formatted(path, e), e);
    }
  }

  private byte[] fetch(URI uri) {
    if (uri.getHost() == null || !remoteHosts.contains(uri.getHost())) {
      throw new ImageException(
          "%s: pictures are not fetched from this host; allowed hosts: %s".formatted(uri, remoteHosts));
    }
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(FETCH_TIMEOUT).build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(FETCH_TIMEOUT).build()) {
      HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        if (response.statusCode() != 200) {
          throw new ImageException("%s: expected a picture, got HTTP status %d".formatted(uri, response.statusCode()));
        }
        return readAll(in);
      }
    } catch (IOException e) {
      throw new ImageException("%s: cannot be fetched: %s".formatted(uri, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(uri + ": interrupted while fetching", e);
    }
  }

  /** One byte more than the limit at most: what a stream promises is not trusted. */
  private byte[] readAll(InputStream in) throws IOException {
    return in.readNBytes((int) Math.min(limits.maxBytes() + 1, Integer.MAX_VALUE - 8));
  }

  private void requireSize(long bytes, String name) {
    if (bytes == 0) {
      throw new ImageException(name + ": expected a picture, but it is empty");
    }
    if (bytes > limits.maxBytes()) {
      throw new ImageTooLargeException("%s: larger than the limit of %d bytes".formatted(name, limits.maxBytes()));
    }
  }
}
