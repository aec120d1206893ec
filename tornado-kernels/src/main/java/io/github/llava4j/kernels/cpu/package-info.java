/** What the CPU backends share: the interpreter of programs, the team of threads, the cache of keys and values. */
@NullMarked
package io.github.llava4j.kernels.cpu;

import org.jspecify.annotations.NullMarked;
