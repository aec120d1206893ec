package io.github.llava4j.kernels.tornado;

import java.io.Serializable;
import java.util.function.Consumer;

import io.github.llava4j.kernels.tornado.kernel.Marks;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoFunctions;

/**
 * A kernel with its arguments and grid: what becomes a task of a graph, or is called on a plain JVM in tests.
 *
 * <p>The interfaces add Serializable to TornadoVM's own: from 6.0 on it finds the method behind a reference by its
 * serialised form.
 */
final class Launch {

  interface K6<B, C, D, E, F> extends TornadoFunctions.Task6<KernelContext, B, C, D, E, F>, Serializable {}

  interface K7<B, C, D, E, F, G> extends TornadoFunctions.Task7<KernelContext, B, C, D, E, F, G>, Serializable {}

  interface K8<B, C, D, E, F, G, H>
      extends TornadoFunctions.Task8<KernelContext, B, C, D, E, F, G, H>, Serializable {}

  interface K9<B, C, D, E, F, G, H, I>
      extends TornadoFunctions.Task9<KernelContext, B, C, D, E, F, G, H, I>, Serializable {}

  interface K10<B, C, D, E, F, G, H, I, J>
      extends TornadoFunctions.Task10<KernelContext, B, C, D, E, F, G, H, I, J>, Serializable {}

  interface K11<B, C, D, E, F, G, H, I, J, K>
      extends TornadoFunctions.Task11<KernelContext, B, C, D, E, F, G, H, I, J, K>, Serializable {}

  interface K14<B, C, D, E, F, G, H, I, J, K, L, M, N>
      extends TornadoFunctions.Task14<KernelContext, B, C, D, E, F, G, H, I, J, K, L, M, N>, Serializable {}

  interface K15<B, C, D, E, F, G, H, I, J, K, L, M, N, O>
      extends TornadoFunctions.Task15<KernelContext, B, C, D, E, F, G, H, I, J, K, L, M, N, O>, Serializable {}

  /** Adds a task of that name to a graph. */
  private interface Adder {
    void add(TaskGraph graph, String name, KernelContext context);
  }

  private final String kernel;
  private final int mark;
  private final Grid grid;
  private final Adder adder;
  private final Consumer<KernelContext> body;

  private Launch(String kernel, int mark, Grid grid, Adder adder, Consumer<KernelContext> body) {
    this.kernel = kernel;
    this.mark = mark;
    this.grid = grid;
    this.adder = adder;
    this.body = body;
  }

  static <B, C, D, E, F> Launch of(String kernel, int mark, Grid grid, K6<B, C, D, E, F> k, B b, C c, D d, E e, F f) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f),
        x -> k.apply(x, b, c, d, e, f));
  }

  static <B, C, D, E, F, G> Launch of(
      String kernel, int mark, Grid grid, K7<B, C, D, E, F, G> k, B b, C c, D d, E e, F f, G g) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g),
        x -> k.apply(x, b, c, d, e, f, g));
  }

  static <B, C, D, E, F, G, H> Launch of(
      String kernel, int mark, Grid grid, K8<B, C, D, E, F, G, H> k, B b, C c, D d, E e, F f, G g, H h) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h),
        x -> k.apply(x, b, c, d, e, f, g, h));
  }

  static <B, C, D, E, F, G, H, I> Launch of(
      String kernel, int mark, Grid grid, K9<B, C, D, E, F, G, H, I> k, B b, C c, D d, E e, F f, G g, H h, I i) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h, i),
        x -> k.apply(x, b, c, d, e, f, g, h, i));
  }

  static <B, C, D, E, F, G, H, I, J> Launch of(
      String kernel, int mark, Grid grid, K10<B, C, D, E, F, G, H, I, J> k, B b, C c, D d, E e, F f, G g, H h, I i, J j) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h, i, j),
        x -> k.apply(x, b, c, d, e, f, g, h, i, j));
  }

  static <B, C, D, E, F, G, H, I, J, K> Launch of(
      String kernel, int mark, Grid grid, K11<B, C, D, E, F, G, H, I, J, K> k,
      B b, C c, D d, E e, F f, G g, H h, I i, J j, K m) {
    return new Launch(
        kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h, i, j, m),
        x -> k.apply(x, b, c, d, e, f, g, h, i, j, m));
  }

  static <B, C, D, E, F, G, H, I, J, K, L, M, N> Launch of(
      String kernel, int mark, Grid grid, K14<B, C, D, E, F, G, H, I, J, K, L, M, N> k,
      B b, C c, D d, E e, F f, G g, H h, I i, J j, K m, L l, M o, N n) {
    return new Launch(kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h, i, j, m, l, o, n),
        x -> k.apply(x, b, c, d, e, f, g, h, i, j, m, l, o, n));
  }

  static <B, C, D, E, F, G, H, I, J, K, L, M, N, O> Launch of(
      String kernel, int mark, Grid grid, K15<B, C, D, E, F, G, H, I, J, K, L, M, N, O> k,
      B b, C c, D d, E e, F f, G g, H h, I i, J j, K m, L l, M o, N n, O p) {
    return new Launch(
        kernel, mark, grid, (graph, name, x) -> graph.task(name, k, x, b, c, d, e, f, g, h, i, j, m, l, o, n, p),
        x -> k.apply(x, b, c, d, e, f, g, h, i, j, m, l, o, n, p));
  }

  /** What the kernel is called in logs and profiles. */
  String kernel() {
    return kernel;
  }

  /** Which of the {@link Marks} the kernel leaves. */
  int mark() {
    return mark;
  }

  Grid grid() {
    return grid;
  }

  void addTo(TaskGraph graph, String name) {
    adder.add(graph, name, new KernelContext());
  }

  /** Runs the kernel's Java for one work item. */
  void call(KernelContext item) {
    body.accept(item);
  }
}
