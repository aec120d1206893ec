/**
 * A decoder for VP8L, which are the lossless pictures of WebP, written from its specification (RFC 9649, section 3).
 *
 * <p>{@link io.github.llava4j.image.vp8l.Vp8lFrame} is its only entrance.
 */
@Internal
@NullMarked
package io.github.llava4j.image.vp8l;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
