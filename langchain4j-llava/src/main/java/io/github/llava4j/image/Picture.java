package io.github.llava4j.image;

/**
 * A decoded picture.
 *
 * @param rgb 8-bit red, green, blue of each pixel, row-major from the top left: 3 * width * height bytes
 * @param hash SHA-256 over size and pixels in hexadecimal: the picture's identity in caches
 * @param name what to call it in messages: a file name, or "image 2"
 */
public record Picture(int width, int height, byte[] rgb, String hash, String name) {}
