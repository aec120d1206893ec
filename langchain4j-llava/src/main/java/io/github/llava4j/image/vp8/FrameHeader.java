package io.github.llava4j.image.vp8;

import java.io.EOFException;

/**
 * What the first partition says about the frame as a whole: RFC 6386, sections 9.2 to 9.11.
 *
 * @param partitions how many partitions of coefficients there are: 1, 2, 4 or 8
 * @param quantizers of each segment
 * @param tokenProbabilities laid out as in {@link TokenTables}
 * @param skipping whether macroblocks say that they have no coefficients
 * @param skipProbability that one does not say so
 */
record FrameHeader(Segmentation segmentation, FilterSettings filter, int partitions, Quantizer[] quantizers,
    int[] tokenProbabilities, boolean skipping, int skipProbability) {

  static FrameHeader read(BoolDecoder in) throws EOFException {
    // Colour space and the promise that samples need no clamping: libwebp heeds neither.
    in.literal(2);
    Segmentation segmentation = Segmentation.read(in);
    FilterSettings filter = FilterSettings.read(in);
    int partitions = 1 << in.literal(2);
    Quantizer[] quantizers = Quantizer.read(in, segmentation);
    // Whether the probabilities hold for later frames as well; there are none.
    in.flag();
    int[] tokenProbabilities = TokenTables.defaultProbabilities();
    for (int i = 0; i < tokenProbabilities.length; i++) {
      if (in.read(TokenTables.UPDATE_PROBABILITIES[i])) {
        tokenProbabilities[i] = in.literal(8);
      }
    }
    boolean skipping = in.flag();
    return new FrameHeader(segmentation, filter, partitions, quantizers, tokenProbabilities, skipping,
        skipping ? in.literal(8) : 0);
  }
}
