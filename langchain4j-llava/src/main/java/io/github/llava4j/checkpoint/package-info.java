/** Containers of weights and what lies beside them: bytes to named tensors, JSON and metadata. */
@Internal
@NullMarked
package io.github.llava4j.checkpoint;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
