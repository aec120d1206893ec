package io.github.llava4j.kernels.tornado;

import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.kernels.DeviceException;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * A device of TornadoVM. All graphs of a program are one execution plan. TornadoVM takes a graph's buffers from the
 * graph that ran just before it, so each graph consumes and persists every shared array, used or not.
 */
final class PlanDevice implements Device {

  private final TornadoDevice device;
  private final String name;
  private final MemoryPool memory;

  PlanDevice(TornadoDevice device, String name) {
    this.device = device;
    this.name = name;
    this.memory = MemoryPool.ofDevice(device.getPhysicalDevice().getDeviceName(), device::getMaxGlobalMemory);
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public long largestArray() {
    return device.getMaxAllocMemory();
  }

  @Override
  public MemoryPool memory() {
    return memory;
  }

  @Override
  public Runner prepare(
      String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read) {
    PlanRunner runner;
    try {
      runner = Console.quietly(() -> plan(program, graphs, shared, read));
    } catch (RuntimeException e) {
      throw Causes.failure("TornadoVM refuses " + program, e);
    }
    try {
      runner.run(0, RunShape.copy(1));
      return runner;
    } catch (RuntimeException | Error e) {
      try {
        runner.close();
      } catch (DeviceException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private PlanRunner plan(
      String program, List<Graph> graphs, List<TornadoNativeArray> shared, List<TornadoNativeArray> read) {
    Object[] all = shared.toArray();
    List<ImmutableTaskGraph> snapshots = new ArrayList<>();
    List<Grids> grids = new ArrayList<>();
    for (Graph graph : graphs) {
      TaskGraph tasks = new TaskGraph(graph.name());
      if (snapshots.isEmpty()) {
        tasks.transferToDevice(DataTransferMode.FIRST_EXECUTION, all);
      } else {
        tasks.consumeFromDevice(graphs.getFirst().name(), all);
      }
      if (!graph.fresh().isEmpty()) {
        tasks.transferToDevice(DataTransferMode.EVERY_EXECUTION, graph.fresh().toArray());
      }
      grids.add(new Grids(graph, tasks));
      tasks.persistOnDevice(all);
      tasks.transferToHost(DataTransferMode.UNDER_DEMAND, read.toArray());
      snapshots.add(tasks.snapshot());
    }
    TornadoExecutionPlan plan = new TornadoExecutionPlan(snapshots.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    return new PlanRunner(program, plan, grids);
  }

  /** The grids of one graph, changed only when a run needs others: a change costs the driver time. */
  private static final class Grids {
    private final Graph graph;
    private final GridScheduler scheduler = new GridScheduler();
    private final List<WorkerGrid> workers = new ArrayList<>();
    private @Nullable RunShape current;

    Grids(Graph graph, TaskGraph tasks) {
      this.graph = graph;
      for (Launch launch : graph.launches()) {
        String task = launch.kernel() + workers.size();
        launch.addTo(tasks, task);
        WorkerGrid worker = new WorkerGrid1D(launch.grid().local());
        worker.setLocalWork(launch.grid().local(), 1, 1);
        workers.add(worker);
        scheduler.addWorkerGrid(graph.name() + "." + task, worker);
      }
    }

    GridScheduler fit(RunShape shape) {
      if (!shape.equals(current)) {
        current = shape;
        for (int i = 0; i < workers.size(); i++) {
          workers.get(i).setGlobalWork(graph.launches().get(i).grid().global(shape), 1, 1);
        }
      }
      return scheduler;
    }
  }

  private static final class PlanRunner implements Runner {
    private final String program;
    private final TornadoExecutionPlan plan;
    private final List<Grids> grids;
    private @Nullable TornadoExecutionResult last;

    PlanRunner(String program, TornadoExecutionPlan plan, List<Grids> grids) {
      this.program = program;
      this.plan = plan;
      this.grids = grids;
    }

    @Override
    public void run(int graph, RunShape shape) {
      try {
        last = Console.quietly(
            () -> plan.withGraph(graph).withGridScheduler(grids.get(graph).fit(shape)).execute());
      } catch (RuntimeException e) {
        throw Causes.failure("the device failed in " + program + ", graph " + grids.get(graph).graph.name(), e);
      }
    }

    @Override
    public void fetch(TornadoNativeArray array, int count) {
      try {
        last.transferToHost(new DataRange(array).withSize(count));
      } catch (RuntimeException e) {
        throw Causes.failure("a result of " + program + " could not be read from the device", e);
      }
    }

    @Override
    public void close() {
      try {
        plan.close();
      } catch (TornadoExecutionPlanException | RuntimeException e) {
        throw Causes.failure("the device memory of " + program + " could not be freed", e);
      }
    }
  }
}
