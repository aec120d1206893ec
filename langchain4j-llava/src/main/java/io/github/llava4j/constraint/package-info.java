/** Holds answers to a grammar: at each step it says which tokens may follow. Knows vocabularies, and no model. */
@NullMarked
package io.github.llava4j.constraint;

import org.jspecify.annotations.NullMarked;
