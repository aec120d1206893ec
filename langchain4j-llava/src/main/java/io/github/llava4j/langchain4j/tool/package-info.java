/** Tools: how they stand in a prompt, and the grammar of answers that may call them. */
@NullMarked
@Internal
package io.github.llava4j.langchain4j.tool;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
