/** Regular languages over characters. */
@NullMarked
@Internal
package io.github.llava4j.constraint.regular;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
