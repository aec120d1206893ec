package io.github.llava4j.config;

import io.github.llava4j.kernels.Op;

/**
 * The dimensions of a LLaVA model, whichever file they came from, with every default filled in.
 *
 * @param decoder the language model
 * @param vision the vision tower
 * @param projector how image features reach the decoder's width
 * @param imageTokenId the id that stands for a picture's embeddings in traces; not in the embedding table of some files
 */
public record LlavaConfig(Decoder decoder, Vision vision, Projector projector, int imageTokenId) {

  /**
   * A Llama or Mistral decoder.
   *
   * @param vocabulary rows of the embedding table
   * @param slidingWindow latest positions that attention sees, or 0 for all
   * @param ropeLayout which values of a head are rotated together in this file's weights
   */
  public record Decoder(
      String architecture,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int vocabulary,
      float rmsEps,
      float ropeTheta,
      int maxPositions,
      int slidingWindow,
      Op.RopeLayout ropeLayout) {}

  /**
   * A CLIP vision transformer.
   *
   * @param layers blocks to run for the features that LLaVA takes: 23 of the 24 of CLIP-L, or fewer if fewer are stored
   * @param keepClass whether the class token's feature is kept (strategy "full" or "cls_patch")
   */
  public record Vision(
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int imageSize,
      int patchSize,
      float eps,
      Op.Activation activation,
      boolean keepClass) {

    /** Patches on a tile's side. */
    public int grid() {
      return imageSize / patchSize;
    }

    /** Feature rows per tile. */
    public int features() {
      return grid() * grid() + (keepClass ? 1 : 0);
    }
  }

  /**
   * @param layers linear layers with {@code activation} between: 2 for mlp2x_gelu, 1 for linear, 0 for identity
   * @param newline whether rows of tiled features end in a learned vector (LLaVA-1.6)
   */
  public record Projector(int layers, Op.Activation activation, boolean newline) {}
}
