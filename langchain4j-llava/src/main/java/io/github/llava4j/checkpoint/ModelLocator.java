package io.github.llava4j.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.llava4j.CheckpointException;

/** Finds the files that a path means: a file itself, or the one model in a folder. */
final class ModelLocator {

  private static final String INDEX_SUFFIX = ".safetensors.index.json";
  private static final String PDPARAMS_INDEX = "model_state.pdparams.index.json";
  /** One of the parts into which PaddleNLP cuts matrices for several devices. */
  private static final Pattern TENSOR_PARALLEL = Pattern.compile("[._-]tp\\d{2}[._-]");
  private static final String USUAL_SAFETENSORS = "model.safetensors";
  private static final String USUAL_PDPARAMS = "model_state.pdparams";

  private final ModelFiles files;
  /** Why files were not looked into. */
  private final Set<String> unreadable = new LinkedHashSet<>();

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
      throw new CheckpointException(path + ": no model in this folder; " + contents(path) + unreadable());
    }
    return candidates.getFirst();
  }

  /** The one mmproj file beside a GGUF language model. */
  Path visionBeside(Path model) {
    Path folder = model.toAbsolutePath().getParent();
    List<Path> candidates = ggufs(folder, true);
    if (candidates.isEmpty()) {
      throw new CheckpointException(
          model + ": a language model alone; its vision tower (mmproj) is not in the folder and was not given"
              + unreadable());
    }
    if (candidates.size() > 1) {
      throw ambiguous(folder, "mmproj", candidates);
    }
    return candidates.getFirst();
  }

  /**
   * What in a folder could be opened as a model: the folder, if it has a state dictionary or a configuration, and each GGUF
   * language model.
   *
   * @param skipped takes GGUF files that cannot be read, and why
   */
  List<Path> models(Path folder, Map<Path, String> skipped) {
    List<Path> found = new ArrayList<>();
    boolean described = files.isFile(folder.resolve("config.json"));
    if (described || !stateDicts(folder).isEmpty()) {
      found.add(folder);
    }
    for (Path file : ofKind(folder, FileKind.GGUF)) {
      try (ModelFiles looked = new ModelFiles()) {
        if (!GgufSource.isVision(GgufFile.readMetadata(looked.map(file)))) {
          found.add(file);
        }
      } catch (CheckpointException e) {
        skipped.put(file, e.getMessage());
      }
    }
    return found;
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
    found.addAll(files.list(folder).stream().filter(f -> name(f).equals(PDPARAMS_INDEX)).toList());
    // Optimiser states and the like are pickles, too: they only count if there is nothing of a usual name.
    List<Path> pickles = ofKind(folder, FileKind.PICKLE);
    if (found.isEmpty()) {
      pickles.forEach(ModelLocator::requireWhole);
    }
    List<Path> usual = pickles.stream().filter(f -> name(f).equals(USUAL_PDPARAMS)).toList();
    found.addAll(usual.isEmpty() && found.isEmpty() ? pickles : usual);
    return found;
  }

  /** Files whose header cannot be read are not asked for: they may be old, half loaded, or of another machine. */
  private List<Path> ggufs(Path folder, boolean vision) {
    List<Path> found = new ArrayList<>();
    for (Path file : ofKind(folder, FileKind.GGUF)) {
      try (ModelFiles looked = new ModelFiles()) {
        if (GgufSource.isVision(GgufFile.readMetadata(looked.map(file))) == vision) {
          found.add(file);
        }
      } catch (CheckpointException e) {
        unreadable.add(e.getMessage());
      }
    }
    return found;
  }

  /** What to add to a message that something was not found. */
  private String unreadable() {
    return unreadable.isEmpty() ? "" : "; not looked into: " + Names.some(List.copyOf(unreadable));
  }

  /** @throws CheckpointException if a file is one of the parts of matrices cut for several devices */
  static void requireWhole(Path file) {
    if (TENSOR_PARALLEL.matcher(name(file)).find()) {
      throw new CheckpointException(
          file + ": a part for one of several devices (tensor parallel), which is not supported: merge the parts with "
              + "PaddleNLP's merge_tp_params.py, or save with merge_tensor_parallel");
    }
  }

  private List<Path> ofKind(Path folder, FileKind kind) {
    return files.list(folder).stream().filter(f -> kind(f) == kind).toList();
  }

  /** Says which files could have been meant: those that we recognise but cannot read. */
  private String contents(Path folder) {
    List<String> notes = new ArrayList<>();
    for (Path file : files.list(folder)) {
      FileKind kind = kind(file);
      boolean weights = name(file).matches(".*\\.(safetensors|gguf|bin|pt|pth|pdparams)");
      if (switch (kind) {
        case TORCH, OLD_GGML, LFS_POINTER -> true;
        case WEB_PAGE, EMPTY -> weights;
        default -> false;
      }) {
        notes.add(name(file) + " is " + kind.description());
      }
    }
    if (!notes.isEmpty()) {
      return Names.some(notes);
    }
    return ofKind(folder, FileKind.GGUF).size() == unreadable.size()
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
