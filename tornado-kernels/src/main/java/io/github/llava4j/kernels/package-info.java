/** Programs of operations over tensors, and what runs them. Knows nothing of tokens, pictures or files. */
@NullMarked
package io.github.llava4j.kernels;

import org.jspecify.annotations.NullMarked;
