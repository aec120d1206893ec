/**
 * From bytes to the vision tower's input: limits, decoding as Pillow does, resampling as Pillow does, cutting into tiles.
 *
 * <p>{@link io.github.llava4j.image.ImageLoader} is the only class that opens a file or a connection. It gives an
 * {@link io.github.llava4j.image.EncodedPicture}, whose size is known from its header, and that in turn a
 * {@link io.github.llava4j.image.Picture}. Each {@code Format} reads one kind of file. BMP, GIF and WebP are decoded here;
 * PNG and JPEG by the JDK's plug-ins and TIFF by TwelveMonkeys', from a copy that holds what makes pixels and nothing
 * else where the plug-in would otherwise be led astray. Colours are converted here, never by a plug-in. Where a picture's
 * orientation is stored is for {@code EmbeddedTags}.
 */
@NullMarked
package io.github.llava4j.image;

import org.jspecify.annotations.NullMarked;
