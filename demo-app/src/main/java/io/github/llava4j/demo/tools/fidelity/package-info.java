/**
 * Compares every stage of every reference case with Hugging Face's numbers, on every container and backend, and writes
 * the table of {@code docs/fidelity.md}.
 */
@Internal
@NullMarked
package io.github.llava4j.demo.tools.fidelity;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
