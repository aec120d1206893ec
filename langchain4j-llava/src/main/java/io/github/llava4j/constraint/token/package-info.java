/** A vocabulary's tokens as bytes. */
@NullMarked
@Internal
package io.github.llava4j.constraint.token;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
