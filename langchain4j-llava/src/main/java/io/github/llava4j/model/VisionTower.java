package io.github.llava4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Buffer.Extent;
import io.github.llava4j.kernels.Internal;
import io.github.llava4j.kernels.Op;
import io.github.llava4j.kernels.Program;
import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.Tensor;

/**
 * The CLIP vision transformer (Radford et al. 2021) up to the block whose output LLaVA takes, and the projector to the
 * decoder's width, as one program over tiles: a tile is a slot, its class token position 0, its patches the others.
 *
 * @param pixels input [tiles, 3*size*size], normalised
 * @param features output [outputs, vision hidden], the tower's own features
 * @param projected output [outputs, decoder hidden]
 */
@Internal
public record VisionTower(LlavaConfig.Vision config, Program program, Buffer pixels, Buffer features, Buffer projected) {

  /** @param tensors gives the tensor of a canonical name or fails */
  public static VisionTower of(LlavaConfig config, Function<String, Tensor> tensors) {
    LlavaConfig.Vision vision = config.vision();
    Weights all = new Weights(tensors, "vit.", vision.layers());
    int hidden = vision.hidden();
    int size = vision.imageSize();

    Buffer pixels = new Buffer("pixels", 3 * size * size, Extent.SLOTS);
    Buffer x = new Buffer("x", hidden, Extent.ROWS);
    Buffer features = new Buffer("features", hidden, Extent.OUTPUTS);
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.PatchEmbed(
        pixels, all.get("patch"), all.get("cls"), all.get("pos"), size, vision.patchSize(), x));
    ops.add(new Op.LayerNorm(x, all.get("pre_ln.w"), all.get("pre_ln.b"), vision.eps(), x));
    ops.add(new Op.Repeat(vision.layers(), block(vision, new Weights(tensors, "vit.blk.*.", vision.layers()), x)));
    ops.add(new Op.Select(x, features));
    Buffer projected = project(config, new Weights(tensors, "proj.", 0), features, ops);
    Program program = new Program("vision tower", List.of(pixels), List.of(features, projected), ops);
    return new VisionTower(vision, program, pixels, features, projected);
  }

  private static List<Op> block(LlavaConfig.Vision vision, Weights block, Buffer x) {
    int hidden = vision.hidden();
    Buffer normed = new Buffer("normed", hidden, Extent.ROWS);
    Buffer query = new Buffer("query", hidden, Extent.ROWS);
    Buffer key = new Buffer("key", hidden, Extent.ROWS);
    Buffer value = new Buffer("value", hidden, Extent.ROWS);
    Buffer mixed = new Buffer("mixed", hidden, Extent.ROWS);
    Buffer inner = new Buffer("inner", vision.intermediate(), Extent.ROWS);
    return List.of(
        new Op.LayerNorm(x, block.get("ln1.w"), block.get("ln1.b"), vision.eps(), normed),
        linear(normed, block, "q", false, query),
        linear(normed, block, "k", false, key),
        linear(normed, block, "v", false, value),
        new Op.SelfAttention(query, key, value, vision.heads(), mixed),
        linear(mixed, block, "o", true, x),
        new Op.LayerNorm(x, block.get("ln2.w"), block.get("ln2.b"), vision.eps(), normed),
        linear(normed, block, "fc1", false, inner),
        new Op.Activate(vision.activation(), inner),
        linear(inner, block, "fc2", true, x));
  }

  /** Linear layers with an activation between: numbered 0, 2, 4 ... as in torch.nn.Sequential. */
  private static Buffer project(LlavaConfig config, Weights weights, Buffer features, List<Op> ops) {
    Buffer in = features;
    for (int layer = 0; layer < config.projector().layers(); layer++) {
      Buffer out = new Buffer("projected" + layer, config.decoder().hidden(), Extent.OUTPUTS);
      if (layer > 0) {
        ops.add(new Op.Activate(config.projector().activation(), in));
      }
      ops.add(linear(in, weights, "" + 2 * layer, false, out));
      in = out;
    }
    return in;
  }

  private static Op linear(Buffer in, Weights weights, String name, boolean accumulate, Buffer out) {
    Weight weight = weights.get(name + ".w");
    return new Op.MatMul(in, weight, weights.get(name + ".b"), accumulate, out);
  }

  /** Rows per tile: the class token and the patches. */
  public int rowsPerTile() {
    return config.grid() * config.grid() + 1;
  }

  /** The batch that runs one tile. */
  public Batch tile() {
    int rows = rowsPerTile();
    int[] positions = IntStream.range(0, rows).toArray();
    int[] outputs = IntStream.range(config.keepClass() ? 0 : 1, rows).toArray();
    return new Batch(new int[0], new int[rows], positions, outputs);
  }
}
