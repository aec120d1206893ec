package io.github.llava4j.demo.tools.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.engine.Trace;
import io.github.llava4j.image.Tiles;

/** Writes the numbers between the stages of a request, for comparison with other implementations. */
public final class TraceFiles {

  private TraceFiles() {}

  /** Writes all files of one request to {@code folder}, which is made if need be. */
  public static void write(Trace trace, LlavaConfig config, Path folder) throws IOException {
    Files.createDirectories(folder);
    int hidden = config.decoder().hidden();
    for (int i = 0; i < trace.images().size(); i++) {
      String suffix = i == 0 ? "" : "_" + i;
      Trace.Image image = trace.images().get(i);
      Tiles tiles = image.tiles();
      array(folder, "pixel_values" + suffix, tiles.pixels(), tiles.count(), 3, tiles.size(), tiles.size());
      array(folder, "vision_features" + suffix, image.features(), tiles.count(), -1, config.vision().hidden());
      array(folder, "projected_features" + suffix, image.projected(), tiles.count(), -1, hidden);
      array(folder, "image_features" + suffix, image.merged(), -1, hidden);
    }
    Files.writeString(folder.resolve("input_ids.json"), Arrays.toString(trace.inputIds()) + "\n");
    array(folder, "hidden_states", trace.hiddenStates(), -1, hidden);
    array(folder, "logits", trace.logits(), -1);
  }

  /** @param shape with at most one -1, which is what remains */
  private static void array(Path folder, String name, float[] values, int... shape) throws IOException {
    int known = Arrays.stream(shape).filter(size -> size >= 0).reduce(1, Math::multiplyExact);
    int[] full = Arrays.stream(shape).map(size -> size < 0 ? values.length / known : size).toArray();
    new NpyFile(full, values).write(folder.resolve(name + ".npy"));
  }
}
