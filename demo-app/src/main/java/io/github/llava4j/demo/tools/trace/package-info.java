/** The numbers between the stages of a request as numpy files. */
@Internal
@NullMarked
package io.github.llava4j.demo.tools.trace;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
