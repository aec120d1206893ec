/** JSON Schema as a grammar. */
@NullMarked
@Internal
package io.github.llava4j.constraint.schema;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
