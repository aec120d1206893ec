package io.github.llava4j.engine;

import java.util.List;

/**
 * A request's prompt, ready to be computed.
 *
 * @param tokens the token of each position, -1 for those of pictures
 * @param pictures in order
 * @param imageMs milliseconds that decoding and tiling the pictures took
 */
record Prompt(int[] tokens, List<PendingPicture> pictures, double imageMs) {

  int imageTokens() {
    return pictures.stream().mapToInt(PendingPicture::positions).sum();
  }
}
