/**
 * Writes checkpoints of real dimensions with random weights: to try sizes and speeds without a download, and without
 * weights or vocabularies that are not ours to give away.
 */
package io.github.llava4j.demo.synth;
