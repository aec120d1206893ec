/** The oracle: plain Java with double sums. */
@NullMarked
package io.github.llava4j.kernels.scalar;

import org.jspecify.annotations.NullMarked;
