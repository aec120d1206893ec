package io.github.llava4j.demo.cli;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.llava4j.checkpoint.Checkpoint;
import io.github.llava4j.checkpoint.ModelSource;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.model.LlavaModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a checkpoint is, without running it. */
@Command(
    name = "inspect",
    description = "Says what a checkpoint is: family, variant, dimensions, types, sizes, template, memory plan.",
    sortOptions = false)
final class InspectCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "PATH", description = "Folder of a checkpoint or a GGUF file.")
  private Path path;

  @Option(names = "--mmproj", paramLabel = "FILE", description = "Vision part of a GGUF model.")
  private @Nullable Path mmproj;

  @Option(names = "--template", paramLabel = "NAME", description = "A known chat template in place of the files' own.")
  private @Nullable String template;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  InspectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Checkpoint checkpoint = Checkpoint.open(ModelSource.of(path, mmproj))) {
      LlavaModel model = LlavaModel.of(checkpoint, template, Set.of());
      ObjectNode report = ModelReport.of(checkpoint, model, EngineOptions.builder(path).mmproj(mmproj).build());
      if (json) {
        terminal.out().println(report);
      } else {
        terminal.out().print(ModelReport.forPeople(report));
      }
    }
    return Failures.OK;
  }
}
