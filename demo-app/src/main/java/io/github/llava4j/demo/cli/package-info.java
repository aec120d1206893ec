/**
 * The command line: one class for each command, which reads its options, does its work through the engine and prints.
 * None but {@code serve} starts Spring, so that a command answers as soon as its model is mapped.
 */
@Internal
@NullMarked
package io.github.llava4j.demo.cli;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
