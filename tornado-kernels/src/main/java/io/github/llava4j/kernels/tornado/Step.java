package io.github.llava4j.kernels.tornado;

import java.util.Set;

import io.github.llava4j.kernels.Buffer.Extent;

/**
 * A part of a program that runs as one graph, once for each of some layers.
 *
 * @param few number of its graph for few rows
 * @param many number of its graph for many rows
 * @param sizedBy the counts that decide between them
 * @param first the first layer
 * @param layers how many layers
 */
record Step(int few, int many, Set<Extent> sizedBy, int first, int layers) {

  /** The graph for such a run. */
  int graph(RunShape shape) {
    return sizedBy.stream().allMatch(extent -> shape.count(extent) <= Lowering.FEW) ? few : many;
  }
}
