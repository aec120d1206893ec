/** The fast CPU backend, on the Vector API. */
@NullMarked
package io.github.llava4j.kernels.vector;

import org.jspecify.annotations.NullMarked;
