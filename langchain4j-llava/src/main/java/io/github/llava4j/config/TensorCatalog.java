package io.github.llava4j.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names and shapes of all tensors that a model of given dimensions computes with; see {@link Checkpoint}. */
public final class TensorCatalog {

  private TensorCatalog() {}

  /** All tensors of a model, shapes with the outermost dimension first. */
  public static Map<String, int[]> of(LlavaConfig config) {
    Map<String, int[]> shapes = decoder(config.decoder());
    shapes.putAll(vision(config.vision()));
    shapes.putAll(projector(config));
    return shapes;
  }

  /** The tensors of the language model. */
  public static Map<String, int[]> decoder(LlavaConfig.Decoder d) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int queries = d.heads() * d.headDim();
    int keys = d.kvHeads() * d.headDim();
    shapes.put("llm.embed", new int[] {d.vocabulary(), d.hidden()});
    for (int i = 0; i < d.layers(); i++) {
      String block = "llm.blk." + i + ".";
      shapes.put(block + "attn_norm", new int[] {d.hidden()});
      shapes.put(block + "q", new int[] {queries, d.hidden()});
      shapes.put(block + "k", new int[] {keys, d.hidden()});
      shapes.put(block + "v", new int[] {keys, d.hidden()});
      shapes.put(block + "o", new int[] {d.hidden(), queries});
      shapes.put(block + "ffn_norm", new int[] {d.hidden()});
      shapes.put(block + "gate", new int[] {d.intermediate(), d.hidden()});
      shapes.put(block + "up", new int[] {d.intermediate(), d.hidden()});
      shapes.put(block + "down", new int[] {d.hidden(), d.intermediate()});
    }
    shapes.put("llm.norm", new int[] {d.hidden()});
    shapes.put("llm.head", new int[] {d.vocabulary(), d.hidden()});
    return shapes;
  }

  /** The tensors of the vision tower, as far as they are run. */
  public static Map<String, int[]> vision(LlavaConfig.Vision v) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("vit.cls", new int[] {v.hidden()});
    shapes.put("vit.patch", new int[] {v.hidden(), 3, v.patchSize(), v.patchSize()});
    shapes.put("vit.pos", new int[] {v.grid() * v.grid() + 1, v.hidden()});
    putPair(shapes, "vit.pre_ln", v.hidden());
    for (int i = 0; i < v.layers(); i++) {
      String block = "vit.blk." + i + ".";
      putPair(shapes, block + "ln1", v.hidden());
      for (String part : new String[] {"q", "k", "v", "o"}) {
        putPair(shapes, block + part, v.hidden(), v.hidden());
      }
      putPair(shapes, block + "ln2", v.hidden());
      putPair(shapes, block + "fc1", v.intermediate(), v.hidden());
      putPair(shapes, block + "fc2", v.hidden(), v.intermediate());
    }
    return shapes;
  }

  /** The tensors of the projector, and the vector that ends a row of tiled features. */
  public static Map<String, int[]> projector(LlavaConfig config) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int width = config.decoder().hidden();
    for (int i = 0; i < config.projector().layers(); i++) {
      putPair(shapes, "proj." + 2 * i, width, i == 0 ? config.vision().hidden() : width);
    }
    if (config.projector().newline()) {
      shapes.put("newline", new int[] {width});
    }
    return shapes;
  }

  /** A weight of that shape and a bias, or a norm's scale and shift, as long as its first dimension. */
  private static void putPair(Map<String, int[]> shapes, String name, int... shape) {
    shapes.put(name + ".w", shape);
    shapes.put(name + ".b", new int[] {shape[0]});
  }
}
