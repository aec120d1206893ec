/**
 * The part of the Jinja template language that chat templates use, as transformers sets it up: {@code trim_blocks} and
 * {@code lstrip_blocks} on, no escaping, {@code break} and {@code continue}, {@code generation} blocks, {@code
 * raise_exception} and {@code strftime_now}. What is not here (imports, inheritance, {@code call} blocks, rare filters) is
 * refused by name when a template is read or run.
 *
 * <p>Strings know which of their characters the template wrote and which came from a message ({@link
 * io.github.llava4j.text.jinja.Marked}), so that a message can never forge a special token, whatever the template does
 * with it, and so that a message that a template leaves out is noticed.
 */
@Internal
@NullMarked
package io.github.llava4j.text.jinja;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
