/** LLaVA as programs of operations: the vision tower with its projector, the merging of tiles, the decoder. */
@NullMarked
package io.github.llava4j.model;

import org.jspecify.annotations.NullMarked;
