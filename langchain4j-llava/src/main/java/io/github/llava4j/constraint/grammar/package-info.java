/** What a grammar is made of. */
@NullMarked
@Internal
package io.github.llava4j.constraint.grammar;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
