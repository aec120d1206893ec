/** What goes wrong, as types: each says whose mistake it is, and its message what to do. */
@NullMarked
package io.github.llava4j;

import org.jspecify.annotations.NullMarked;
