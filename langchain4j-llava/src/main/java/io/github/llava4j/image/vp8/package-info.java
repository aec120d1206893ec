/**
 * A decoder for key frames of VP8, which are the lossy pictures of WebP, written from RFC 6386. It gives the pixels of
 * libwebp, and thereby of Pillow, to the last bit.
 *
 * <p>{@link io.github.llava4j.image.vp8.Vp8Frame} is its only entrance.
 */
@Internal
@NullMarked
package io.github.llava4j.image.vp8;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
