/** The oracle: plain Java with double sums. */
@Internal
@NullMarked
package io.github.llava4j.kernels.scalar;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
