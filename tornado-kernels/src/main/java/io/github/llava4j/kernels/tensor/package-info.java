/** Tensors, their storage types, and what the bytes of each type mean: one file per format. */
@Internal
@NullMarked
package io.github.llava4j.kernels.tensor;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
