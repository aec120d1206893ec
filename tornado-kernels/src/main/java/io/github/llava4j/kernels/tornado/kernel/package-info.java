/** The kernels: static methods that TornadoVM compiles for a device. */
@NullMarked
package io.github.llava4j.kernels.tornado.kernel;

import org.jspecify.annotations.NullMarked;
