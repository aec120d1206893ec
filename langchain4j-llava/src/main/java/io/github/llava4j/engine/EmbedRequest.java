package io.github.llava4j.engine;

import java.time.Duration;
import java.util.Objects;

import io.github.llava4j.PromptException;
import io.github.llava4j.image.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * A picture whose features are wanted.
 *
 * @param timeout how long it may take, waiting included; null for the engine's
 * @param salt whose caches it may use, as in a {@link GenerationRequest}; empty or null for none
 */
public record EmbedRequest(ImageInput picture, @Nullable Duration timeout, @Nullable String salt) {

  public EmbedRequest {
    Objects.requireNonNull(picture, "picture");
    salt = salt == null ? "" : salt;
    if (timeout != null && !timeout.isPositive()) {
      throw new PromptException("timeout must be longer than nothing, not " + timeout);
    }
  }

  /** Empty for none. */
  @Override
  public String salt() {
    return salt == null ? "" : salt;
  }

  /** A picture with the engine's timeout, without a salt. */
  public EmbedRequest(ImageInput picture) {
    this(picture, null, "");
  }
}
