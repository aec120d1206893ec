package io.github.llava4j.kernels;

import java.util.Arrays;
import java.util.List;

import io.github.llava4j.kernels.tensor.Tensor;

/**
 * One parameter of a program: a tensor for each round of the {@link Op.Repeat} that uses it, or a single one outside.
 *
 * @param name the canonical name, with {@code *} where the layer number stands
 * @param layers the tensors, all of the same shape; types may differ (llama.cpp mixes them)
 */
@Internal
public record Weight(String name, List<Tensor> layers) {

  public Weight {
    layers = List.copyOf(layers);
    int[] shape = layers.getFirst().shape();
    for (Tensor layer : layers) {
      if (!Arrays.equals(shape, layer.shape())) {
        throw new IllegalArgumentException(name + ": " + layer + " differs from " + layers.getFirst());
      }
    }
  }

  /** A parameter outside of any repetition. */
  public static Weight of(Tensor tensor) {
    return new Weight(tensor.name(), List.of(tensor));
  }

  /** Logical rows of each tensor: the outputs of a linear layer. */
  public int rows() {
    return layers.getFirst().rows();
  }

  /** Logical columns of each tensor: the inputs of a linear layer. */
  public int columns() {
    return layers.getFirst().columns();
  }
}
