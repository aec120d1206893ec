package io.github.llava4j.image;

import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;

import io.github.llava4j.ImageException;

/** Where a picture comes from; {@link ImageLoader} turns it into pixels. */
public sealed interface ImageSource {

  /** What to call the picture in messages. */
  String name();

  /** An encoded picture in memory. */
  record Bytes(byte[] encoded, String name) implements ImageSource {}

  /** A file. */
  record File(Path path) implements ImageSource {
    @Override
    public String name() {
      return path.toString();
    }
  }

  /** An http or https address. */
  record Remote(URI uri) implements ImageSource {
    @Override
    public String name() {
      return uri.toString();
    }
  }

  /**
   * Reads an address: {@code data:} with base64 content, {@code http:} and {@code https:}.
   *
   * <p>{@code file:} is refused: whoever may name an address is rarely meant to name files of this machine, and who
   * is can say {@link File}.
   *
   * @param name what to call a picture that the address itself holds
   */
  static ImageSource of(URI uri, String name) {
    return switch (uri.getScheme()) {
      case "data" -> new Bytes(decodeData(uri.getSchemeSpecificPart(), name), name);
      case "http", "https" -> new Remote(uri);
      case null, default -> throw new ImageException(
          "%s: expected a data:, http: or https: address, not scheme %s".formatted(name, uri.getScheme()));
    };
  }

  /** An encoded picture in base64, as LangChain4j and OpenAI requests carry it. */
  static ImageSource ofBase64(String base64, String name) {
    try {
      return new Bytes(Base64.getMimeDecoder().decode(base64), name);
    } catch (IllegalArgumentException e) {
      throw new ImageException("%s: expected base64: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static byte[] decodeData(String content, String name) {
    int comma = content.indexOf(',');
    if (comma < 0 || !content.substring(0, comma).endsWith(";base64")) {
      throw new ImageException(name + ": expected a data: address of the form data:image/png;base64,...");
    }
    return ((Bytes) ofBase64(content.substring(comma + 1), name)).encoded();
  }
}
