/**
 * From bytes to the vision tower's input: guard, decode as Pillow does, resample as Pillow does, cut into tiles.
 *
 * <p>{@link io.github.llava4j.image.ImageLoader} is the only class that opens a file or a connection.
 */
package io.github.llava4j.image;
