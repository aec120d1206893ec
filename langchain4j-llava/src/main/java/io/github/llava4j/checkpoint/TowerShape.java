package io.github.llava4j.checkpoint;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llava4j.CheckpointException;

/** The dimensions of a vision tower as far as its tensors tell them: the original LLaVA's configuration has none. */
record TowerShape(int hidden, int intermediate, int blocks, int imageSize, int patchSize) {

  private static final Pattern BLOCK = Pattern.compile("vit\\.blk\\.(\\d+)\\..*");

  static TowerShape of(Object file, Map<String, StoredTensor> tensors) {
    long[] patch = shape(file, tensors, "vit.patch", 4);
    long[] positions = shape(file, tensors, "vit.pos", 2);
    long[] fc1 = shape(file, tensors, "vit.blk.0.fc1.w", 2);
    long side = Math.round(Math.sqrt(positions[0] - 1));
    int hidden = Dimensions.positive(file, "the vision tower's width", patch[0]);
    int patchSize = Dimensions.positive(file, "the patch size", patch[3]);
    return new TowerShape(
        hidden,
        Dimensions.positive(file, "the vision tower's inner width", fc1[0]),
        blocks(tensors),
        Dimensions.positive(file, "the image size", side * patchSize),
        patchSize);
  }

  /** The number of blocks up to the last one that is stored. */
  static int blocks(Map<String, StoredTensor> tensors) {
    int blocks = 0;
    for (String name : tensors.keySet()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        blocks = Math.max(blocks, Integer.parseInt(block.group(1)) + 1);
      }
    }
    return blocks;
  }

  private static long[] shape(Object file, Map<String, StoredTensor> tensors, String name, int dimensions) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          file + ": the vision tower (tensor " + name + " and others) is not in this checkpoint; original LLaVA-1.5 "
              + "checkpoints leave it out: use a Hugging Face conversion, or give an mmproj file");
    }
    if (tensor.shape().length != dimensions) {
      throw tensor.error("has " + tensor.shape().length + " dimensions, but " + name + " must have " + dimensions);
    }
    return tensor.shape();
  }
}
