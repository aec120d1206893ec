/** Programs as task graphs of TornadoVM. */
@Internal
@NullMarked
package io.github.llava4j.kernels.tornado;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
