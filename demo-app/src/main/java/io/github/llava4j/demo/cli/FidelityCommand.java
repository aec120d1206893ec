package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import io.github.llava4j.demo.tools.fidelity.FidelityCheck;
import io.github.llava4j.demo.tools.fidelity.FidelityReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares the engine with the reference, stage by stage. */
@Command(
    name = "fidelity",
    description = "Runs the reference cases and prints how far each stage is from Hugging Face's numbers. Fails if one "
        + "is out of tolerance.",
    sortOptions = false)
final class FidelityCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Option(
      names = "--goldens",
      defaultValue = "langchain4j-llava/src/test/resources/goldens",
      paramLabel = "DIR",
      description = "The references (default: ${DEFAULT-VALUE}).")
  private Path goldens;

  @Option(
      names = "--backend",
      split = ",",
      defaultValue = "scalar,vector",
      paramLabel = "NAME",
      description = "Backends to compare (default: ${DEFAULT-VALUE}).")
  private List<String> backends;

  @Option(names = "--out", paramLabel = "FILE.md", description = "Where the page goes (default: stdout).")
  private @Nullable Path out;

  FidelityCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(goldens)) {
      throw new UserMistake(goldens + ": there is no such folder; name one with --goldens");
    }
    Progress progress = new Progress(terminal);
    FidelityReport report;
    try {
      report = FidelityCheck.run(goldens, backends, progress::show);
    } finally {
      progress.clear();
    }
    if (out == null) {
      terminal.out().print(report.markdown());
    } else {
      Files.writeString(out, report.markdown());
    }
    return report.passed() ? Failures.OK : Failures.FAILED;
  }
}
