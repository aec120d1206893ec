/** What differs between the variants of LLaVA and between the families of their files. */
@Internal
@NullMarked
package io.github.llava4j.variant;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
