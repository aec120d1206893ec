package io.github.llava4j.constraint.schema;

import java.util.List;

/** Statements that hold together; nothing at all if there are none. Equal ones are the same object. */
final class Conjunction {

  final List<Atom> atoms;

  Conjunction(List<Atom> atoms) {
    this.atoms = List.copyOf(atoms);
  }

  boolean isAny() {
    return atoms.isEmpty();
  }

  /** Where to look for what it says. */
  String pointer() {
    for (Atom atom : atoms) {
      if (atom instanceof Atom.Whole whole) {
        return whole.place().pointer;
      }
    }
    return "#";
  }
}
