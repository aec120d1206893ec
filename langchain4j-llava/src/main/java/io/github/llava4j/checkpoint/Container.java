package io.github.llava4j.checkpoint;

/** The kind of file that the weights of the language model come from. */
public enum Container {
  /** One or several safetensors files. */
  SAFETENSORS,
  /** llama.cpp's format. */
  GGUF,
  /** PaddlePaddle's pickled state dictionary, {@code model_state.pdparams}. */
  PDPARAMS
}
