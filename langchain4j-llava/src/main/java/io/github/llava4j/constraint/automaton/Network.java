package io.github.llava4j.constraint.automaton;

import java.util.List;

/**
 * A grammar as nodes.
 *
 * @param entry where an answer begins
 * @param classOf class of each byte: bytes of one class lead to the same places
 * @param classes how many classes there are
 */
record Network(Node entry, List<Node> nodes, List<Node.Rule> rules, int[] classOf, int classes) {}
