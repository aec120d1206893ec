/** The fast CPU backend, on the Vector API. */
@Internal
@NullMarked
package io.github.llava4j.kernels.vector;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
