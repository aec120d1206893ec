package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.config.LlavaConfig;

/**
 * The models in a folder: the folder itself if it is a checkpoint, the checkpoints that its folders are, and the GGUF
 * language models in it and in its folders, each with the mmproj beside it. Headers and configuration are read, weights
 * are not.
 *
 * @param models by path
 * @param skipped what looks like a model and cannot be used, and why
 */
public record ModelFolder(List<Found> models, Map<Path, String> skipped) {

  /**
   * A model.
   *
   * @param path what to give a model builder
   * @param modified when its file of weights, or the index of these, was changed last
   */
  public record Found(Path path, Container container, LlavaConfig config, Instant modified) {}

  public ModelFolder {
    models = List.copyOf(models);
    skipped = Map.copyOf(skipped);
  }

  /**
   * Looks into a folder and, one level deep, into its folders; those whose name begins with a dot are left out.
   *
   * @throws CheckpointException if there is no such folder, or it cannot be read
   */
  public static ModelFolder of(Path folder) {
    List<Found> models = new ArrayList<>();
    Map<Path, String> skipped = new LinkedHashMap<>();
    try (ModelFiles files = new ModelFiles()) {
      if (!files.isFolder(folder)) {
        throw new CheckpointException(folder + ": no such folder");
      }
      ModelLocator locator = new ModelLocator(files);
      List<Path> folders = new ArrayList<>(List.of(folder));
      folders.addAll(files.folders(folder));
      for (Path one : folders) {
        for (Path candidate : candidates(locator, one, skipped)) {
          add(files, locator, candidate, models, skipped);
        }
      }
    }
    return new ModelFolder(models, skipped);
  }

  private static Set<Path> candidates(ModelLocator locator, Path folder, Map<Path, String> skipped) {
    try {
      return new LinkedHashSet<>(locator.models(folder, skipped));
    } catch (CheckpointException e) {
      skipped.put(folder, e.getMessage());
      return Set.of();
    }
  }

  private static void add(
      ModelFiles files, ModelLocator locator, Path path, List<Found> models, Map<Path, String> skipped) {
    try (Checkpoint checkpoint = Checkpoint.open(new ModelSource.Files(path, null))) {
      models.add(new Found(path, checkpoint.container(), checkpoint.config(), files.modified(locator.model(path))));
    } catch (CheckpointException e) {
      skipped.put(path, e.getMessage());
    }
  }
}
