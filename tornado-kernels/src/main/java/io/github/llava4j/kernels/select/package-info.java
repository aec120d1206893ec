/** Which backend runs a model on this machine, and why. */
@NullMarked
package io.github.llava4j.kernels.select;

import org.jspecify.annotations.NullMarked;
