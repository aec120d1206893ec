package io.github.llava4j.langchain4j;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.llava4j.ImageException;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pictures of messages as far as the model's owner allows: who writes a message must not thereby read files
 * or look into networks that only this machine can reach.
 *
 * @param loader limits, and the hosts from which pictures may be fetched
 * @param directories where {@code file:} addresses may point into
 */
record PictureReader(ImageLoader loader, List<Path> directories) {

  PictureReader {
    directories = List.copyOf(directories);
  }

  /** Reads a picture's bytes and header; nothing is decoded. */
  EncodedPicture read(Image image, String name) {
    if (image.base64Data() != null) {
      return loader.open(ImageSource.ofBase64(image.base64Data(), name));
    }
    if (image.url() == null) {
      throw new ImageException(name + ": neither data nor an address");
    }
    return loader.open(source(image.url(), name));
  }

  private ImageSource source(URI uri, String name) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "data" -> ImageSource.of(uri, name);
      case "http", "https" -> {
        if (loader.remoteHosts().isEmpty()) {
          throw notAllowed("over " + scheme, "imageLoader(...) with remoteHosts");
        }
        yield ImageSource.of(uri, name);
      }
      case "file" -> {
        if (directories.isEmpty()) {
          throw notAllowed("from files", "imageDirectories(...)");
        }
        yield new ImageSource.File(allowed(uri, name));
      }
      default -> throw new UnsupportedFeatureException(
          name + ": image addresses of scheme \"" + scheme + "\" are not supported; give base64 or data:");
    };
  }

  private static UnsupportedFeatureException notAllowed(String how, String option) {
    return new UnsupportedFeatureException(
        "reading images " + how + " is not supported unless the model is built with " + option);
  }

  /** Says the same of files outside and of files that do not exist, so that nobody can find out which is which. */
  private Path allowed(URI uri, String name) {
    try {
      Path real = Path.of(uri).toRealPath();
      for (Path directory : directories) {
        if (real.startsWith(directory.toRealPath())) {
          return real;
        }
      }
    } catch (IOException | IllegalArgumentException | FileSystemNotFoundException e) {
      throw notFound(name, e);
    }
    throw notFound(name, null);
  }

  private static ImageException notFound(String name, @Nullable Exception cause) {
    return new ImageException(name + ": no such file in the directories that images may be read from", cause);
  }
}
