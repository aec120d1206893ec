/** What the CPU backends share: the interpreter of programs, the team of threads, the cache of keys and values. */
@Internal
@NullMarked
package io.github.llava4j.kernels.cpu;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
