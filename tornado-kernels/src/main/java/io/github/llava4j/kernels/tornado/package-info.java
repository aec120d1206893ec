/** Programs as task graphs of TornadoVM. */
@NullMarked
package io.github.llava4j.kernels.tornado;

import org.jspecify.annotations.NullMarked;
