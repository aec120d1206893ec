package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.CheckpointException;

/** Finds the files that a path means: a file itself, or the one model in a folder. */
final class ModelLocator {

  private static final String INDEX_SUFFIX = ".safetensors.index.json";
  private static final String USUAL_SAFETENSORS = "model.safetensors";
  private static final String USUAL_PDPARAMS = "model_state.pdparams";

  private final ModelFiles files;

  ModelLocator(ModelFiles files) {
    this.files = files;
  }

  /** The file of weights (or the index of several) that {@code path} means. */
  Path model(Path path) {
    if (!files.isFolder(path)) {
      return path;
    }
    List<Path> candidates = new ArrayList<>(stateDicts(path));
    candidates.addAll(ggufs(path, false));
    if (candidates.size() > 1) {
      throw ambiguous(path, "model", candidates);
    }
    if (candidates.isEmpty()) {
      throw new CheckpointException(path + ": no model in this folder; " + contents(path));
    }
    return candidates.getFirst();
  }

  /** The one mmproj file beside a GGUF language model. */
  Path visionBeside(Path model) {
    Path folder = model.toAbsolutePath().getParent();
    List<Path> candidates = ggufs(folder, true);
    if (candidates.isEmpty()) {
      throw new CheckpointException(
          model + ": a language model alone; its vision tower (mmproj) is not in the folder and was not given");
    }
    if (candidates.size() > 1) {
      throw ambiguous(folder, "mmproj", candidates);
    }
    return candidates.getFirst();
  }

  FileKind kind(Path file) {
    return FileKind.of(files.head(file, FileKind.HEAD));
  }

  private List<Path> stateDicts(Path folder) {
    List<Path> indexes = files.list(folder).stream().filter(f -> name(f).endsWith(INDEX_SUFFIX)).toList();
    List<Path> safetensors = ofKind(folder, FileKind.SAFETENSORS);
    List<Path> found = new ArrayList<>();
    if (safetensors.stream().anyMatch(f -> name(f).equals(USUAL_SAFETENSORS))) {
      // The same order as in transformers: one file of the usual name, then an index.
      found.add(folder.resolve(USUAL_SAFETENSORS));
    } else {
      found.addAll(indexes.isEmpty() ? safetensors : indexes);
    }
    // Optimiser states and the like are pickles, too: they only count if there is nothing of a usual name.
    List<Path> pickles = ofKind(folder, FileKind.PICKLE);
    List<Path> usual = pickles.stream().filter(f -> name(f).equals(USUAL_PDPARAMS)).toList();
    found.addAll(usual.isEmpty() && found.isEmpty() ? pickles : usual);
    return found;
  }

  private List<Path> ggufs(Path folder, boolean vision) {
    List<Path> found = new ArrayList<>();
    try (ModelFiles looked = new ModelFiles()) {
      for (Path file : ofKind(folder, FileKind.GGUF)) {
        if (GgufSource.isVision(GgufFile.readMetadata(looked.map(file))) == vision) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private List<Path> ofKind(Path folder, FileKind kind) {
    return files.list(folder).stream().filter(f -> kind(f) == kind).toList();
  }

  /** Says which files could have been meant: those that we recognise but cannot read. */
  private String contents(Path folder) {
    List<String> notes = new ArrayList<>();
    for (Path file : files.list(folder)) {
      FileKind kind = kind(file);
      if (kind == FileKind.TORCH || kind == FileKind.OLD_GGML || kind == FileKind.LFS_POINTER) {
        notes.add(name(file) + " is " + kind.description());
      }
    }
    if (!notes.isEmpty()) {
      return Names.some(notes);
    }
    return ofKind(folder, FileKind.GGUF).isEmpty()
        ? "expected safetensors, GGUF or model_state.pdparams"
        : "there are GGUF files, but they are vision towers (mmproj)";
  }

  private static CheckpointException ambiguous(Path folder, String what, List<Path> candidates) {
    return new CheckpointException(
        folder + ": several files could be the " + what + ", name one: "
            + Names.some(candidates.stream().map(ModelLocator::name).toList()));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
