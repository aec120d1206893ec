package io.github.llava4j.config;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.llava4j.CheckpointException;

/** The dimensions of a vision tower as far as its tensors tell them: the original LLaVA's configuration has none. */
public record TowerShape(int hidden, int intermediate, int blocks, int imageSize, int patchSize) {

  private static final Pattern BLOCK = Pattern.compile("vit\\.blk\\.(\\d+)\\..*");

  /** @param shapes of the tensors, by our names */
  public static TowerShape of(Object file, Map<String, long[]> shapes) {
    long[] patch = shape(file, shapes, "vit.patch", 4);
    long[] positions = shape(file, shapes, "vit.pos", 2);
    long[] fc1 = shape(file, shapes, "vit.blk.0.fc1.w", 2);
    long side = Math.round(Math.sqrt(positions[0] - 1));
    int hidden = Dimensions.positive(file, "the vision tower's width", patch[0]);
    int patchSize = Dimensions.positive(file, "the patch size", patch[3]);
    return new TowerShape(
        hidden,
        Dimensions.positive(file, "the vision tower's inner width", fc1[0]),
        blocks(shapes.keySet()),
        Dimensions.positive(file, "the image size", side * patchSize),
        patchSize);
  }

  /** The number of blocks up to the last one that is stored. */
  public static int blocks(Set<String> names) {
    int blocks = 0;
    for (String name : names) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        blocks = Math.max(blocks, Integer.parseInt(block.group(1)) + 1);
      }
    }
    return blocks;
  }

  private static long[] shape(Object file, Map<String, long[]> shapes, String name, int dimensions) {
    long[] shape = shapes.get(name);
    if (shape == null) {
      throw new CheckpointException(
          file + ": the vision tower (tensor " + name + " and others) is not in this checkpoint; original LLaVA-1.5 "
              + "checkpoints leave it out: use a Hugging Face conversion, or give an mmproj file");
    }
    if (shape.length != dimensions) {
      throw new CheckpointException(
          file + ": tensor " + name + " has " + shape.length + " dimensions, but must have " + dimensions);
    }
    return shape;
  }
}
