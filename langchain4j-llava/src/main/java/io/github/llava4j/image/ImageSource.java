package io.github.llava4j.image;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

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
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "data" -> ofBase64(uri.toString(), name);
      case "http", "https" -> new Remote(uri);
      default -> throw new ImageException(
          "%s: expected a data:, http: or https: address, not scheme \"%s\"".formatted(name, scheme));
    };
  }

  /**
   * An encoded picture in base64, as LangChain4j and OpenAI requests carry it.
   *
   * <p>White space between the characters, the URL-safe alphabet, percent-encoding, missing padding and a whole
   * {@code data:image/png;base64,...} address are understood. Any other character is refused (RFC 4648, section 3.3):
   * to leave it out would shift all bits behind it, and some formats then decode to another picture.
   *
   * @throws ImageException if it is not base64
   */
  static ImageSource ofBase64(String text, String name) {
    return new Bytes(Base64Text.decode(text, name), name);
  }
}
