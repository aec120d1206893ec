/**
 * Compares every stage of every reference case with Hugging Face's numbers, on every container and backend, and writes
 * the table of {@code docs/fidelity.md}.
 */
package io.github.llava4j.demo.fidelity;
