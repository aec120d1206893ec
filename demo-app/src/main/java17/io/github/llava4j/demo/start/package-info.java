/** The way in: the one class that an older Java can read, so that it can say which one is needed. */
@Internal
@NullMarked
package io.github.llava4j.demo.start;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
