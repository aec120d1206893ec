package io.github.llava4j.image;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

import com.sun.net.httpserver.HttpServer;
import io.github.llava4j.ImageException;
import io.github.llava4j.ImageFormatException;
import io.github.llava4j.ImageTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageLoaderTest {

  private static final Path PNG = Fixtures.path("pictures/rgb.png");

  @TempDir
  Path folder;

  @Test
  void namesAndHashes() {
    Picture file = Fixtures.load(PNG);
    Picture same = ImageLoader.DEFAULT.load(new ImageSource.Bytes(Fixtures.bytes(PNG), "image 2"));

    assertThat(file.name()).isEqualTo(PNG.toString());
    assertThat(same.name()).isEqualTo("image 2");
    assertThat(same).isEqualTo(file).hasSameHashCodeAs(file);
    assertThat(file.hash()).matches("[0-9a-f]{64}");
    assertThat(file).isNotEqualTo(Fixtures.load(Fixtures.path("pictures/gray.png")));
  }

  @Test
  void dataAddress() {
    URI uri = URI.create("data:image/png;base64," + Base64.getEncoder().encodeToString(Fixtures.bytes(PNG)));

    assertThat(ImageLoader.DEFAULT.load(ImageSource.of(uri, "image 1"))).isEqualTo(Fixtures.load(PNG));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://host/a.png", "jar:file:/a!/b", "/a.png", "data:image/png,abc",
      "data:nothing", "data:image/png;base64,%%%"})
  void otherAddressesAreRefused(String address) {
    URI uri = URI.create(address.replace("%%%", "%00a"));

    assertThatThrownBy(() -> ImageLoader.DEFAULT.load(ImageSource.of(uri, "image 1")))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("image 1: ");
  }

  @Test
  void hostsAreFetchedOnlyWhenAllowed() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/", exchange -> {
      byte[] body = exchange.getRequestURI().getPath().equals("/big") ? new byte[5000] : Fixtures.bytes(PNG);
      if (exchange.getRequestURI().getPath().equals("/moved")) {
        exchange.getResponseHeaders().add("Location", "/a.png");
        exchange.sendResponseHeaders(302, -1);
      } else {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    });
    server.start();
    try {
      String base = "http://localhost:" + server.getAddress().getPort();
      ImageLimits small = new ImageLimits(4000, 10_000, 100, EnumSet.allOf(ImageKind.class));
      ImageLoader allowed = new ImageLoader(small, true, Set.of("localhost"));

      assertThat(allowed.load(remote(base + "/a.png"))).isEqualTo(Fixtures.load(PNG));
      assertThatThrownBy(() -> ImageLoader.DEFAULT.load(remote(base + "/a.png")))
          .isInstanceOf(ImageException.class).hasMessageContaining("not fetched from this host");
      assertThatThrownBy(() -> allowed.load(remote(base + "/big")))
          .isInstanceOf(ImageException.class).hasMessageContaining("4000 bytes");
      assertThatThrownBy(() -> allowed.load(remote(base + "/moved")))
          .isInstanceOf(ImageException.class).hasMessageContaining("302");
    } finally {
      server.stop(0);
    }
  }

  /** A server that never ends, before its headers, within its body, or drop by drop. */
  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nabc",
      "HTTP/1.1 404 no\r\nContent-Length: 5000\r\n\r\nabc"})
  @Timeout(30)
  void aServerThatStallsIsLeft(String start) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> stall(server, start, closed));
      ImageLoader loader = ImageLoader.builder()
          .remoteHosts(Set.of("127.0.0.1")).fetchTimeout(Duration.ofMillis(300)).build();

      assertThatThrownBy(() -> loader.open(remote("http://127.0.0.1:" + server.getLocalPort() + "/a.png")))
          .isInstanceOf(ImageException.class)
          .hasMessageContaining(start.contains("404") ? "HTTP status 404" : "not fetched within 300 ms");
      // The connection is given back as well.
      assertThat(closed.get()).isTrue();
    }
  }

  /** Says the beginning, then a byte now and then until the client is gone. */
  private static void stall(ServerSocket server, String start, CompletableFuture<Boolean> closed) {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write(start.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.setSoTimeout(20);
      while (true) {
        try {
          if (socket.getInputStream().read() < 0) {
            break;
          }
        } catch (SocketTimeoutException _) {
          if (!start.isEmpty()) {
            out.write(0);
          }
        }
      }
      closed.complete(true);
    } catch (IOException e) {
      // Writing to a client that is gone.
      closed.complete(true);
    }
  }

  @Test
  void oneClientFetchesAll() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    });
    server.start();
    try {
      URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
      ImageLoader loader = ImageLoader.builder().remoteHosts(Set.of("localhost")).build();
      assertThatThrownBy(() -> loader.open(new ImageSource.Remote(uri))).hasMessageContaining("404");
      long clients = clients();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> loader.open(new ImageSource.Remote(uri))).hasMessageContaining("404");
      }
      assertThat(clients()).isLessThanOrEqualTo(clients);
    } finally {
      server.stop(0);
    }
  }

  private static long clients() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager")).count();
  }

  @Test
  void builder() {
    ImageLimits limits = new ImageLimits(1, 2, 3, EnumSet.of(ImageKind.GIF));

    assertThat(ImageLoader.builder().build()).isEqualTo(ImageLoader.DEFAULT);
    assertThat(ImageLoader.builder().limits(limits).orient(false).remoteHosts(Set.of("a"))
        .fetchTimeout(Duration.ofSeconds(9)).build())
        .isEqualTo(new ImageLoader(limits, false, Set.of("a"), Duration.ofSeconds(9)));
    assertThatThrownBy(() -> ImageLoader.builder().fetchTimeout(Duration.ZERO).build())
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("fetchTimeout");
  }

  @Test
  void filesThatAreNoPictures() throws IOException {
    assertRefused(folder.resolve("missing.png"), "no such file");
    assertRefused(folder, "no such file");
    assertRefused(write(new byte[0]), "empty");
    assertRefused(write("<html>not a picture</html>".getBytes()), "begins like none of them");
    assertRefused(write(new byte[] {'B', 'M'}), "BMP");
  }

  @Test
  void limits() throws IOException {
    byte[] png = Fixtures.bytes(PNG);
    ImageLimits few = new ImageLimits(png.length - 1, 1_000_000, 1000, EnumSet.allOf(ImageKind.class));
    ImageLimits jpegOnly = new ImageLimits(1_000_000, 1_000_000, 1000, EnumSet.of(ImageKind.JPEG));
    ImageLimits pixels = new ImageLimits(1_000_000, 37 * 26 - 1, 1000, EnumSet.allOf(ImageKind.class));
    ImageLimits side = new ImageLimits(1_000_000, 1_000_000, 36, EnumSet.allOf(ImageKind.class));

    for (ImageLimits limits : new ImageLimits[] {few, pixels, side}) {
      assertThatThrownBy(() -> new ImageLoader(limits, true, Set.of()).load(new ImageSource.Bytes(png, "image 3")))
          .isInstanceOf(ImageTooLargeException.class)
          .hasMessageStartingWith("image 3: ");
    }
    assertThatThrownBy(() -> new ImageLoader(jpegOnly, true, Set.of()).load(new ImageSource.Bytes(png, "image 3")))
        .isInstanceOf(ImageFormatException.class)
        .hasMessageStartingWith("image 3: ");
  }

  /** A few bytes whose header promises billions of pixels. */
  @Test
  void bombsAreRefusedByTheirHeader() {
    byte[] png = Fixtures.bytes(PNG);
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    byte[] gif = Fixtures.bytes(Fixtures.path("pictures/palette.gif"));
    ByteBuffer.wrap(gif).putInt(6, -1);
    byte[] jpeg = Fixtures.bytes(Fixtures.path("pictures/jpeg_444.jpg"));
    int frame = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00ff\u00c0");
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);
    byte[] webp = Fixtures.bytes(Fixtures.path("pictures/lossy.webp"));
    int key = new String(webp, StandardCharsets.ISO_8859_1).indexOf("\u009d\u0001*");
    ByteBuffer.wrap(webp).putInt(key + 3, -1);

    for (byte[] bomb : new byte[][] {png, gif, jpeg, webp}) {
      assertThatThrownBy(() -> ImageLoader.DEFAULT.load(new ImageSource.Bytes(bomb, "bomb")))
          .isInstanceOf(ImageTooLargeException.class)
          .hasMessageContaining("exceed the limits");
    }
  }

  private void assertRefused(Path file, String message) {
    assertThatThrownBy(() -> Fixtures.load(file))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("picture"), content);
  }

  private static ImageSource remote(String address) {
    return ImageSource.of(URI.create(address), "remote");
  }
}
