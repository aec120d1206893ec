/**
 * What a model's files say about it: dimensions, tensors, picture settings. One reader for each part of {@code config.json}
 * and its companions; what they ask for and is not done is refused by name. {@code docs/checkpoints.md} lists every key.
 */
@Internal
@NullMarked
package io.github.llava4j.config;

import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;
