package io.github.llava4j.langchain4j;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.ImageException;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageLimits;
import io.github.llava4j.image.ImageLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PictureReaderTest {

  private static final Path PNG = Goldens.imageFile(Goldens.VICUNA, "portrait_30x90.png");
  private static final PictureReader CLOSED = new PictureReader(ImageLoader.DEFAULT, List.of());

  @TempDir
  private Path temp;

  @Test
  void base64AndDataAddressesAreTheSamePicture() throws IOException {
    String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(PNG));
    EncodedPicture plain = CLOSED.read(Image.builder().base64Data(base64).mimeType("image/png").build(), "image 1");
    EncodedPicture data = CLOSED.read(url("data:image/png;base64," + base64), "image 2");
    assertThat(plain.width()).isEqualTo(30);
    assertThat(plain.name()).isEqualTo("image 1");
    assertThat(data).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "http://localhost/a.png", "HTTPS://example.org/a.png", "file:///etc/passwd", "FILE:/etc/passwd",
    "ftp://example.org/a.png", "jar:file:/a.jar!/a.png", "a.png", "/etc/passwd"
  })
  void nothingElseIsReadUnlessAllowed(String address) {
    assertThatThrownBy(() -> CLOSED.read(url(address), "image 1"))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("image")
        .hasMessageContaining("not support");
  }

  @Test
  void filesAreReadFromAllowedDirectoriesAlone() throws IOException {
    Path allowed = Files.createDirectories(temp.resolve("allowed"));
    Path secret = Files.copy(PNG, temp.resolve("secret.png"));
    Path inside = Files.copy(PNG, allowed.resolve("inside.png"));
    Path link = Files.createSymbolicLink(allowed.resolve("link.png"), secret);
    PictureReader reader = new PictureReader(ImageLoader.DEFAULT, List.of(allowed));
    assertThat(reader.read(url(inside.toUri().toString()), "image 1").width()).isEqualTo(30);
    for (String outside : List.of(
        secret.toUri().toString(),
        link.toUri().toString(),
        allowed.toUri() + "../secret.png",
        temp.resolve("missing.png").toUri().toString(),
        "file://host/share/a.png")) {
      assertThatThrownBy(() -> reader.read(url(outside), "image 1"))
          .isExactlyInstanceOf(ImageException.class)
          .hasMessage("image 1: no such file in the directories that images may be read from");
    }
  }

  @Test
  void addressesAreFetchedFromAllowedHostsAlone() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] png = Files.readAllBytes(PNG);
    server.createContext("/a.png", exchange -> {
      exchange.sendResponseHeaders(200, png.length);
      exchange.getResponseBody().write(png);
      exchange.close();
    });
    server.start();
    try {
      String path = ":" + server.getAddress().getPort() + "/a.png";
      PictureReader reader =
          new PictureReader(new ImageLoader(ImageLimits.DEFAULT, true, Set.of("localhost")), List.of());
      assertThat(reader.read(url("http://localhost" + path), "image 1").width()).isEqualTo(30);
      assertThatThrownBy(() -> reader.read(url("http://127.0.0.1" + path), "image 1"))
          .isExactlyInstanceOf(ImageException.class)
          .hasMessageContaining("127.0.0.1");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anImageWithoutAnythingIsRefused() {
    assertThatThrownBy(() -> CLOSED.read(Image.builder().build(), "image 1")).isInstanceOf(ImageException.class);
  }

  private static Image url(String address) {
    return Image.builder().url(address).build();
  }
}
