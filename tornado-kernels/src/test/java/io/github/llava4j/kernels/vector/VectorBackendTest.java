package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.BackendContract;

class VectorBackendTest extends BackendContract {

  @Override
  protected Backend backend() {
    return new VectorBackend(2);
  }
}
