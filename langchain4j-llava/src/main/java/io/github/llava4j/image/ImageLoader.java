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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.llava4j.ImageException;
import io.github.llava4j.ImageTooLargeException;
import io.github.llava4j.InsufficientMemoryException;
import org.jspecify.annotations.Nullable;

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
 * @param fetchTimeout how long fetching a picture may take, from connecting to its last byte
 */
public record ImageLoader(ImageLimits limits, boolean orient, Set<String> remoteHosts, Duration fetchTimeout) {

  /** Default limits, EXIF orientation applied, nothing fetched. */
  public static final ImageLoader DEFAULT = builder().build();

  // One for all: each client has a thread of its own. Made when the first picture is fetched.
  private static @Nullable HttpClient client;

  public ImageLoader {
    remoteHosts = Set.copyOf(remoteHosts);
    if (!fetchTimeout.isPositive()) {
      throw new IllegalArgumentException("fetchTimeout must be positive, not " + fetchTimeout);
    }
  }

  /** A loader with the default time for fetching: 30 seconds. */
  public ImageLoader(ImageLimits limits, boolean orient, Set<String> remoteHosts) {
    this(limits, orient, remoteHosts, Builder.FETCH_TIMEOUT);
  }

  /** A builder with the settings of {@link #DEFAULT}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Makes loaders. What is not set has the value of {@link #DEFAULT}. */
  public static final class Builder {

    private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

    private ImageLimits limits = ImageLimits.DEFAULT;
    private boolean orient = true;
    private Set<String> remoteHosts = Set.of();
    private Duration fetchTimeout = FETCH_TIMEOUT;

    private Builder() {}

    /** What is refused. */
    public Builder limits(ImageLimits value) {
      limits = value;
      return this;
    }

    /** Whether EXIF orientation is applied. */
    public Builder orient(boolean value) {
      orient = value;
      return this;
    }

    /** Names of the hosts from which pictures are fetched. */
    public Builder remoteHosts(Set<String> value) {
      remoteHosts = value;
      return this;
    }

    /** How long fetching a picture may take, from connecting to its last byte. */
    public Builder fetchTimeout(Duration value) {
      fetchTimeout = value;
      return this;
    }

    /** The loader. */
    public ImageLoader build() {
      return new ImageLoader(limits, orient, remoteHosts, fetchTimeout);
    }
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
    long deadline = System.nanoTime() + fetchTimeout.toNanos();
    CompletableFuture<HttpResponse<InputStream>> answer = client().sendAsync(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = body(uri, answer.get(fetchTimeout.toNanos(), TimeUnit.NANOSECONDS))) {
      return readUntil(deadline, body);
    } catch (TimeoutException e) {
      throw new ImageException(
          "%s: not fetched within %d ms; the time is set by fetchTimeout".formatted(uri, fetchTimeout.toMillis()), e);
    } catch (ExecutionException e) {
      throw new ImageException("%s: cannot be fetched: %s".formatted(uri, e.getCause()), e.getCause());
    } catch (IOException e) {
      throw new ImageException("%s: cannot be fetched: %s".formatted(uri, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException(uri + ": interrupted while fetching", e);
    } finally {
      answer.cancel(true);
    }
  }

  private static InputStream body(URI uri, HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() != 200) {
      response.body().close();
      throw new ImageException("%s: expected a picture, got HTTP status %d".formatted(uri, response.statusCode()));
    }
    return response.body();
  }

  /** A request's own timeout ends with the headers, so the body is closed under its reader when the time is over. */
  private byte[] readUntil(long deadline, InputStream body) throws IOException, TimeoutException {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> done = new CompletableFuture<>();
    done.orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS).exceptionally(_ -> {
      late.set(true);
      close(body);
      return null;
    });
    try {
      byte[] bytes = readAll(body);
      if (late.get()) {
        throw new TimeoutException();
      }
      return bytes;
    } catch (IOException e) {
      if (late.get()) {
        throw new TimeoutException();
      }
      throw e;
    } finally {
      done.complete(null);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException _) {
      // It was of no use any more.
    }
  }

  private static synchronized HttpClient client() {
    if (client == null) {
      client = HttpClient.newHttpClient();
    }
    return client;
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
