package io.github.llava4j.kernels.cpu;

import java.util.function.Function;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.Program;

/** A backend that interprets programs with some {@link CpuKernels} on a team of threads. */
public abstract class CpuBackend implements Backend {

  private final Workers workers;
  private final CpuKernels kernels;

  /** @param threads how many threads work on an operation, the calling one included */
  protected CpuBackend(int threads, Function<Workers, CpuKernels> kernels) {
    this.workers = new Workers(threads);
    this.kernels = kernels.apply(workers);
  }

  protected final int threads() {
    return workers.size();
  }

  @Override
  public final Compiled compile(Program program, Limits limits) {
    return new CpuProgram(program, limits, kernels, workers);
  }

  @Override
  public final void close() {
    workers.close();
  }
}
