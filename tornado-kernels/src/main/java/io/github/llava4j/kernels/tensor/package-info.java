/** Tensors, their storage types, and what the bytes of each type mean: one file per format. */
@NullMarked
package io.github.llava4j.kernels.tensor;

import org.jspecify.annotations.NullMarked;
