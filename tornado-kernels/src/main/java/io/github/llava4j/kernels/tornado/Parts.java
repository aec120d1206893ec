package io.github.llava4j.kernels.tornado;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

import io.github.llava4j.kernels.Op;

/** The components of an operation; records have no common accessor for them. */
final class Parts {

  private Parts() {}

  /** All that are not null; for a repetition those of its body. */
  static List<Object> of(Op op) {
    List<Object> parts = new ArrayList<>();
    if (op instanceof Op.Repeat repeat) {
      repeat.body().forEach(inner -> parts.addAll(of(inner)));
      return parts;
    }
    try {
      for (RecordComponent component : op.getClass().getRecordComponents()) {
        Object part = component.getAccessor().invoke(op);
        if (part != null) {
          parts.add(part);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    return parts;
  }
}
