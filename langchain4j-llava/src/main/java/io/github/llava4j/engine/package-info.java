/**
 * The engine: a model that answers requests, several at a time. {@link io.github.llava4j.engine.LlavaEngine} is the way in;
 * {@code Admission} lets requests in, {@code Preparation} makes prompts of them, {@code DeviceLoop} computes them, and
 * {@link io.github.llava4j.engine.Generation} is the state that each of them is in.
 */
@NullMarked
package io.github.llava4j.engine;

import org.jspecify.annotations.NullMarked;
