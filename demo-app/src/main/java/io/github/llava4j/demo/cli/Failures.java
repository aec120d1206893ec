package io.github.llava4j.demo.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.EngineException;
import io.github.llava4j.EngineTimeoutException;
import io.github.llava4j.ImageException;
import io.github.llava4j.InsufficientMemoryException;
import io.github.llava4j.PromptException;
import io.github.llava4j.kernels.DeviceException;
import io.github.llava4j.kernels.DeviceMemoryException;
import picocli.CommandLine;

/** What becomes of a failure: one line for the user and an exit code. */
final class Failures {

  /** The command did what it was asked to do. */
  static final int OK = 0;

  /** It did not: the time or the memory was too short, or the fault is ours; or some requests of a batch failed. */
  static final int FAILED = 1;

  /** The user asked for something that does not exist or makes no sense. */
  static final int MISTAKE = 2;

  private static final String XMX = "-Xmx";
  private static final String LARGER_HEAP = "; start java with a larger " + XMX;
  private static final String DEBUG = "llava4j.debug";

  private Failures() {}

  /** Prints the one line and gives the exit code. */
  static int report(Throwable failure, Terminal terminal) {
    if (Boolean.getBoolean(DEBUG)) {
      failure.printStackTrace(terminal.err());
    }
    boolean mistake = isMistake(failure);
    boolean known = mistake || failure instanceof EngineException || failure instanceof OutOfMemoryError;
    String hint = known ? "" : " (start java with -D" + DEBUG + "=true to see where)";
    terminal.err().println("llava4j: " + oneLine(message(failure)) + hint);
    return mistake ? MISTAKE : FAILED;
  }

  /** The name under which a batch reports a failure. */
  static String kind(Throwable failure) {
    return switch (failure) {
      case CheckpointException e -> "checkpoint";
      case ImageException e -> "image";
      case PromptException e -> "prompt";
      case UserMistake e -> "request";
      case InvalidPathException e -> "request";
      case OutOfMemoryError e -> "memory";
      case InsufficientMemoryException e -> "memory";
      case EngineTimeoutException e -> "timeout";
      case EngineException e -> "engine";
      case DeviceException e -> "engine";
      default -> "internal";
    };
  }

  /** What went wrong, in words. */
  static String message(Throwable failure) {
    return switch (failure) {
      case OutOfMemoryError e -> "out of memory" + LARGER_HEAP;
      case InsufficientMemoryException e when !isMistake(e) && !e.getMessage().contains(XMX) ->
          e.getMessage() + LARGER_HEAP;
      case NoSuchFileException e -> e.getFile() + ": there is no such file";
      case AccessDeniedException e -> e.getFile() + ": access denied";
      // Only folders are made, so what is there already is something else.
      case FileAlreadyExistsException e -> e.getFile() + ": is no folder";
      case NotDirectoryException e -> e.getFile() + ": is no folder";
      default -> failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }

  private static boolean isMistake(Throwable failure) {
    return switch (failure) {
      case CheckpointException e -> true;
      case ImageException e -> true;
      case PromptException e -> true;
      case InsufficientMemoryException e -> e.getCause() instanceof DeviceMemoryException;
      case EngineTimeoutException e -> false;
      // No fault of the program: the device, the JVM's flags and the weights do not go together.
      case EngineException e -> true;
      case DeviceException e -> true;
      case UserMistake e -> true;
      case CommandLine.ParameterException e -> true;
      case InvalidPathException e -> true;
      case FileSystemException e -> true;
      default -> false;
    };
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
