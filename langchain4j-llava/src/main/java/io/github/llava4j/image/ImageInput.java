package io.github.llava4j.image;

/**
 * A picture whose size is known: either decoded ({@link Picture}) or not yet ({@link EncodedPicture}).
 *
 * <p>Whoever adds up what a request costs needs the sizes alone, so that nothing is decoded for a request that is
 * refused.
 */
public sealed interface ImageInput permits Picture, EncodedPicture {

  /** Width in pixels, as shown. */
  int width();

  /** Height in pixels, as shown. */
  int height();

  /** What to call it in messages: a file name, or "image 2". */
  String name();

  /**
   * The pixels; {@link #width()} and {@link #height()} hold for them.
   *
   * @throws io.github.llava4j.ImageException if the file is damaged
   * @throws io.github.llava4j.InsufficientMemoryException if the heap is too small for the pixels
   */
  Picture decode();
}
