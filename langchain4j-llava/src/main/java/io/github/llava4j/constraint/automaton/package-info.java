/** The pushdown automaton that says which tokens may follow. */
@NullMarked
@Internal
package io.github.llava4j.constraint.automaton;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
