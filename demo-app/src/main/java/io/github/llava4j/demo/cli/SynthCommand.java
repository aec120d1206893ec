package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import io.github.llava4j.demo.tools.synth.ModelShape;
import io.github.llava4j.demo.tools.synth.SyntheticCheckpoint;
import io.github.llava4j.kernels.tensor.DType;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a checkpoint with random weights. */
@Command(
    name = "synth",
    description = "Writes a checkpoint of a real model's dimensions with random weights, to try sizes and speed. Its "
        + "answers are gibberish.",
    sortOptions = false)
final class SynthCommand implements Callable<Integer> {

  private static final Map<String, DType> TYPES = Map.of("q8_0", DType.Q8_0, "q4_0", DType.Q4_0, "f16", DType.F16);

  private final Terminal terminal;

  @Option(
      names = "--like",
      required = true,
      paramLabel = "NAME",
      description = "llava-v1.5-7b, llava-v1.6-vicuna-7b, llava-v1.6-vicuna-13b, llava-v1.6-mistral-7b, or "
          + "llava-v1.6-vicuna-tiny for a toy.")
  private String like;

  @Option(names = "--layers", paramLabel = "N", description = "Decoder layers (default: as many as the model has).")
  private @Nullable Integer layers;

  @Option(
      names = "--type",
      defaultValue = "q8_0",
      paramLabel = "TYPE",
      description = "Of the language model's matrices: q8_0, q4_0 or f16 (default: ${DEFAULT-VALUE}).")
  private String type;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the two files.")
  private Path out;

  @Option(names = "--seed", defaultValue = "0", paramLabel = "S", description = "The same seed gives the same files.")
  private long seed;

  SynthCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    SyntheticCheckpoint checkpoint = new SyntheticCheckpoint(shape(), type(), seed);
    Files.createDirectories(out);
    long free = Files.getFileStore(out).getUsableSpace();
    if (free < checkpoint.bytes()) {
      throw new UserMistake("%s: %s are needed, but only %s are free"
          .formatted(out, Sizes.human(checkpoint.bytes()), Sizes.human(free)));
    }
    Progress progress = new Progress(terminal);
    List<Path> files;
    try {
      files = checkpoint.write(out, (done, total) -> progress.show(Sizes.human(done) + " of " + Sizes.human(total)));
    } finally {
      progress.clear();
    }
    for (Path file : files) {
      terminal.out().printf(Locale.ROOT, "%s  %s%n", file, Sizes.human(Files.size(file)));
    }
    return Failures.OK;
  }

  private ModelShape shape() {
    ModelShape shape = ModelShape.named(like).orElseThrow(() -> new UserMistake(
        "there is no model \"%s\"; choose one of %s".formatted(
            like, ModelShape.ALL.stream().map(ModelShape::name).collect(Collectors.joining(", ")))));
    if (layers == null) {
      return shape;
    }
    if (layers < 1) {
      throw new UserMistake("--layers must be at least 1, not " + layers);
    }
    return shape.withLayers(layers);
  }

  private DType type() {
    DType known = TYPES.get(type.toLowerCase(Locale.ROOT));
    if (known == null) {
      throw new UserMistake("there is no type \"" + type + "\"; choose q8_0, q4_0 or f16");
    }
    return known;
  }
}
