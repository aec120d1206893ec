/**
 * Writes checkpoints of real dimensions with random weights: to try sizes and speeds without a download, and without
 * weights or vocabularies that are not ours to give away.
 */
@Internal
@NullMarked
package io.github.llava4j.demo.tools.synth;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
