/** llama.cpp's notation of grammars. */
@NullMarked
@Internal
package io.github.llava4j.constraint.gbnf;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
