/** The kernels: static methods that TornadoVM compiles for a device. */
@Internal
@NullMarked
package io.github.llava4j.kernels.tornado.kernel;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
