package io.github.llava4j.constraint.schema;

import java.util.LinkedHashSet;
import java.util.Set;

/** Lists of property names in schemas. */
final class Names {

  private Names() {}

  static Set<String> of(Place owner, String keyword) {
    Place list = owner.array(keyword);
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < list.node.size(); i++) {
      if (!list.node.get(i).isTextual()) {
        throw list.child(i).wrong("a string");
      }
      names.add(list.node.get(i).textValue());
    }
    return names;
  }
}
