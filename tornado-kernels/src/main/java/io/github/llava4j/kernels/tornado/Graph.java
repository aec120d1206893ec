package io.github.llava4j.kernels.tornado;

import java.util.List;

import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Kernels that run one after another without the host.
 *
 * @param fresh arrays that are sent to the device before each run; all others stay there
 */
record Graph(String name, List<Launch> launches, List<TornadoNativeArray> fresh) {

  Graph {
    launches = List.copyOf(launches);
    fresh = List.copyOf(fresh);
  }
}
