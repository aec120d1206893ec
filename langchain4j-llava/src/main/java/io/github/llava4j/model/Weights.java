package io.github.llava4j.model;

import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.llava4j.kernels.Weight;
import io.github.llava4j.kernels.tensor.Tensor;

/** Finds a model's parameters by their canonical names, in which {@code *} stands for the layer. */
final class Weights {

  private final Function<String, Tensor> tensors;
  private final String prefix;
  private final int layers;

  /**
   * @param tensors gives the tensor of a canonical name or fails
   * @param prefix of every name, such as {@code "vit."}
   * @param layers how many layers a {@code *} runs over
   */
  Weights(Function<String, Tensor> tensors, String prefix, int layers) {
    this.tensors = tensors;
    this.prefix = prefix;
    this.layers = layers;
  }

  Weight get(String name) {
    String full = prefix + name;
    if (!full.contains("*")) {
      return Weight.of(tensors.apply(full));
    }
    return new Weight(
        full, IntStream.range(0, layers).mapToObj(i -> tensors.apply(full.replace("*", "" + i))).toList());
  }
}
