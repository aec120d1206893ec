package io.github.llava4j.constraint.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;

/** What a branch without choices leaves of each type. */
final class Leaf {

  private final NumberShapes numbers;
  private final TextShapes texts;
  private final ArrayShapes arrays;
  private final ObjectShapes objects;
  private final Session session;

  Leaf(Session session, Expander expander) {
    this.session = session;
    numbers = new NumberShapes(session);
    texts = new TextShapes(session);
    arrays = new ArrayShapes(session, expander);
    objects = new ObjectShapes(session, expander);
  }

  /**
   * @param loose whether what cannot be said may be left out without a word: then the shapes hold all values that fit, and
   *     perhaps more
   */
  List<Shape> shapes(Branch branch, boolean loose) {
    session.work.spend(5);
    if (branch.values != null) {
      return List.of(new Shape.Values(branch.values));
    }
    Excluded excluded = new Excluded(branch);
    if (!loose) {
      excluded.refuseContainers(session, branch.types);
    }
    List<Shape> shapes = new ArrayList<>();
    List<JsonNode> constants = new ArrayList<>();
    if ((branch.types & Types.NULL) != 0) {
      constants.add(NullNode.instance);
    }
    if ((branch.types & Types.BOOLEAN) != 0) {
      constants.add(BooleanNode.TRUE);
      constants.add(BooleanNode.FALSE);
    }
    constants.removeIf(excluded::has);
    if (!constants.isEmpty()) {
      shapes.add(new Shape.Values(constants));
    }
    if ((branch.types & Types.NUMBER) != 0) {
      shapes.add(numbers.shape(branch, excluded.values, loose));
    }
    if ((branch.types & Types.STRING) != 0) {
      shapes.add(texts.shape(branch, excluded.values, loose));
    }
    if ((branch.types & Types.ARRAY) != 0) {
      shapes.addAll(arrays.shapes(branch, loose));
    }
    if ((branch.types & Types.OBJECT) != 0) {
      shapes.addAll(objects.shapes(branch, loose));
    }
    return shapes;
  }

  /** Values that must not be. */
  private static final class Excluded {

    final List<JsonNode> values = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private final List<Atom.Violated> atoms = new ArrayList<>();

    Excluded(Branch branch) {
      for (Atom atom : branch.atoms) {
        if (atom instanceof Atom.Violated violated
            && (violated.keyword().equals("const") || violated.keyword().equals("enum"))) {
          atoms.add(violated);
          for (JsonNode value : Session.values(violated.place(), violated.keyword())) {
            if (keys.add(JsonValues.key(value))) {
              values.add(value);
            }
          }
        }
      }
    }

    boolean has(JsonNode value) {
      return keys.contains(JsonValues.key(value));
    }

    void refuseContainers(Session session, int types) {
      for (Atom.Violated violated : atoms) {
        for (JsonNode value : Session.values(violated.place(), violated.keyword())) {
          if (value.isContainerNode() && (Types.of(value) & types) != 0) {
            session.unsupported(violated.place(), "not", "it forbids a certain array or object", true);
          }
        }
      }
    }
  }
}
