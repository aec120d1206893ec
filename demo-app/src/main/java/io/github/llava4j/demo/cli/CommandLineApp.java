package io.github.llava4j.demo.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Finds the command that the user asked for and turns whatever comes of it into an exit code. */
@Command(
    name = "llava4j",
    description = "Answers questions about pictures with LLaVA models, on this machine.",
    synopsisSubcommandLabel = "COMMAND")
public final class CommandLineApp {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show what a command can do.")
  private boolean help;

  private CommandLineApp() {}

  /**
   * Runs one command.
   *
   * @return the process' exit code: 0 if all went well, 2 for a user's mistake, 1 for all else
   */
  public static int run(String[] args, Terminal terminal) {
    try {
      int code = commandLine(terminal).execute(args);
      // A PrintStream keeps its troubles to itself; a full disk must not look like success.
      if (code == Failures.OK && terminal.out().checkError()) {
        throw new IOException("the output could not all be written");
      }
      return code;
    } catch (Throwable e) {
      // picocli hands over exceptions only; an OutOfMemoryError deserves its one line too.
      return Failures.report(e, terminal);
    }
  }

  private static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new CommandLineApp());
    for (Callable<Integer> command : commands(terminal)) {
      line.addSubcommand(command);
    }
    return line
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true))
        // A question may well start with an @; it is no file of arguments.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler((e, arguments) -> Failures.report(e, terminal))
        .setExecutionExceptionHandler((e, command, parsed) -> Failures.report(e, terminal));
  }

  private static List<Callable<Integer>> commands(Terminal terminal) {
    return List.of(
        new DescribeCommand(terminal),
        new BatchCommand(terminal),
        new ServeCommand(terminal),
        new InspectCommand(terminal),
        new DevicesCommand(terminal),
        new BenchCommand(terminal),
        new SynthCommand(terminal),
        new FidelityCommand(terminal));
  }
}
