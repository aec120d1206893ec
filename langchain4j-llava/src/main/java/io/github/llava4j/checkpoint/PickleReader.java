package io.github.llava4j.checkpoint;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.llava4j.CheckpointException;
import io.github.llava4j.checkpoint.PickleValue.Callable;
import io.github.llava4j.checkpoint.PickleValue.Dict;
import io.github.llava4j.checkpoint.PickleValue.NumpyArray;
import io.github.llava4j.checkpoint.PickleValue.NumpyType;
import io.github.llava4j.checkpoint.PickleValue.Sequence;
import io.github.llava4j.checkpoint.PickleValue.Text;

/**
 * A reader of the pickles (protocols 2 to 4) that {@code paddle.save} writes. It executes nothing: the opcodes that are
 * not needed for dictionaries of numpy arrays and the names that are not in {@link Callable} end in an error. Text and
 * bytes stay in the file; only what describes them comes to the heap.
 */
final class PickleReader {

  /** A real file has some 60 opcodes per tensor. */
  private static final int MOST_OPCODES = 4_000_000;

  /** Keys and names; array data is text as well in protocol 2 but is not read here. */
  private static final long LONGEST_NAME = 1 << 12;

  /** Where a MARK opcode was. */
  private static final PickleValue MARK = new PickleValue.Other("a mark");

  private static final PickleValue NONE = new PickleValue.Other("None");

  private final ByteReader in;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Map<Long, PickleValue> memo = new HashMap<>();

  private PickleReader(MappedFile file) {
    this.in = new ByteReader(file);
  }

  /** The object that the whole file is. */
  static PickleValue read(MappedFile file) {
    return new PickleReader(file).run();
  }

  private PickleValue run() {
    if (in.u8() != 0x80) {
      throw in.error("not a pickle of protocol 2 or later");
    }
    int protocol = in.u8();
    if (protocol < 2 || protocol > 4) {
      throw in.error("pickle protocol " + protocol + " is not supported; paddle.save writes 2 to 4");
    }
    for (int i = 0; i < MOST_OPCODES; i++) {
      int opcode = in.u8();
      if (opcode == '.') {
        return end();
      }
      step(opcode);
    }
    throw in.error("more than " + MOST_OPCODES + " pickle opcodes");
  }

  private PickleValue end() {
    PickleValue result = pop();
    if (!stack.isEmpty() || in.remaining() > 0) {
      throw in.error("the pickle ends with " + stack.size() + " values and " + in.remaining() + " bytes left over");
    }
    return result;
  }

  /** The opcodes have the letters and numbers of Python's pickletools. */
  private void step(int opcode) {
    switch (opcode) {
      case '(' -> stack.add(MARK);
      case '0' -> pop();
      case 'N' -> stack.add(NONE);
      case 0x88 -> stack.add(new PickleValue.Flag(true));
      case 0x89 -> stack.add(new PickleValue.Flag(false));
      case 'K' -> stack.add(new PickleValue.Whole(in.u8()));
      case 'M' -> stack.add(new PickleValue.Whole(in.u16()));
      case 'J' -> stack.add(new PickleValue.Whole(in.i32()));
      case 0x8a -> stack.add(new PickleValue.Whole(longNumber(in.u8())));
      case 'G' -> {
        in.skip(8);
        stack.add(new PickleValue.Other("a float"));
      }
      case 0x8c -> stack.add(new Text(in.slice(in.u8())));
      case 'X' -> stack.add(new Text(in.slice(in.u32())));
      case 0x8d -> stack.add(new Text(in.slice(in.count("the length of a text"))));
      // Python 2's strings, the same as text in all names that matter.
      case 'U' -> stack.add(new Text(in.slice(in.u8())));
      case 'T' -> stack.add(new Text(in.slice(in.u32())));
      case 'C' -> stack.add(new PickleValue.Bytes(in.slice(in.u8())));
      case 'B' -> stack.add(new PickleValue.Bytes(in.slice(in.u32())));
      case 0x8e -> stack.add(new PickleValue.Bytes(in.slice(in.count("the length of bytes"))));
      case '}' -> stack.add(new Dict());
      case ']', ')' -> stack.add(PickleValue.sequence(List.of()));
      case 't' -> stack.add(PickleValue.sequence(popToMark()));
      case 0x85 -> stack.add(PickleValue.sequence(pop(1)));
      case 0x86 -> stack.add(PickleValue.sequence(pop(2)));
      case 0x87 -> stack.add(PickleValue.sequence(pop(3)));
      case 'a' -> append(pop(1));
      case 'e' -> append(popToMark());
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popToMark());
      case 'c' -> stack.add(callable(in.line(), in.line()));
      case 0x93 -> {
        List<PickleValue> names = pop(2);
        stack.add(callable(text(names.get(0)), text(names.get(1))));
      }
      case 'R' -> {
        List<PickleValue> call = pop(2);
        stack.add(reduce(call.get(0), as(Sequence.class, call.get(1)).items()));
      }
      case 'b' -> build(as(Sequence.class, pop()).items());
      case 'q' -> memo.put((long) in.u8(), top());
      case 'r' -> memo.put(in.u32(), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> stack.add(remembered(in.u8()));
      case 'j' -> stack.add(remembered(in.u32()));
      // Frames only tell how much to read ahead.
      case 0x95 -> in.skip(8);
      default ->
          throw in.error(
              "pickle opcode 0x%02x at byte %d is not one of a state dictionary".formatted(opcode, in.position() - 1));
    }
  }

  private long longNumber(int bytes) {
    if (bytes > 8) {
      throw in.error("a number of " + bytes + " bytes");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) in.u8() << 8 * i;
    }
    int unused = 64 - 8 * bytes;
    return bytes == 0 ? 0 : value << unused >> unused;
  }

  private Callable callable(String module, String name) {
    Callable callable = Callable.of(module, name);
    if (callable == null) {
      throw in.error("the pickle wants to use " + module + "." + name + ", which a state dictionary does not need");
    }
    return callable;
  }

  private PickleValue reduce(PickleValue function, List<PickleValue> arguments) {
    return switch (as(Callable.class, function)) {
      // Shape and data of the new array come with BUILD; the arguments only say that it is an empty ndarray.
      case RECONSTRUCT -> new NumpyArray();
      case DTYPE -> numpyType(text(argument(arguments, 0)));
      case ENCODE -> {
        if (!text(argument(arguments, 1)).equals("latin1")) {
          throw in.error("bytes encoded other than as latin1");
        }
        yield new PickleValue.Latin1(as(Text.class, argument(arguments, 0)));
      }
      case ORDERED_DICT -> new Dict();
      // Shared, not copied: many tuples of one long list must not multiply it.
      case TUPLE -> as(Sequence.class, argument(arguments, 0));
      case SCALAR -> new PickleValue.Other("a number");
      case NDARRAY -> throw in.error("the pickle calls numpy.ndarray itself");
    };
  }

  private static NumpyType numpyType(String code) {
    boolean ordered = !code.isEmpty() && "<>=|".indexOf(code.charAt(0)) >= 0;
    NumpyType type = new NumpyType(ordered ? code.substring(1) : code);
    type.byteOrder = ordered ? code.substring(0, 1) : "=";
    return type;
  }

  private void build(List<PickleValue> state) {
    switch (top()) {
      case NumpyType type -> type.byteOrder = text(argument(state, 1));
      case NumpyArray array -> {
        List<PickleValue> shape = as(Sequence.class, argument(state, 1)).items();
        array.shape = new long[shape.size()];
        for (int i = 0; i < array.shape.length; i++) {
          array.shape[i] = as(PickleValue.Whole.class, shape.get(i)).value();
        }
        array.type = as(NumpyType.class, argument(state, 2));
        array.fortran = as(PickleValue.Flag.class, argument(state, 3)).value();
        array.data = argument(state, 4);
      }
      default -> throw in.error("the pickle gives a state to something that is neither array nor type");
    }
  }

  private void append(List<PickleValue> items) {
    as(Sequence.class, top()).items().addAll(items);
  }

  private void setItems(List<PickleValue> items) {
    Map<String, PickleValue> dict = as(Dict.class, top()).items();
    if (items.size() % 2 != 0) {
      throw in.error("a dictionary key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      PickleValue key = items.get(i);
      dict.put(key instanceof PickleValue.Whole number ? "" + number.value() : text(key), items.get(i + 1));
    }
  }

  private PickleValue remembered(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw in.error("the pickle refers to object " + index + ", which it did not store");
    }
    return value;
  }

  private String text(PickleValue value) {
    Text text = as(Text.class, value);
    if (text.utf8().byteSize() > LONGEST_NAME) {
      throw in.error("a name of " + text.utf8().byteSize() + " bytes");
    }
    return new String(text.utf8().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private PickleValue argument(List<PickleValue> arguments, int index) {
    if (index >= arguments.size()) {
      throw in.error("the pickle calls something with " + arguments.size() + " arguments, too few");
    }
    return arguments.get(index);
  }

  private <T extends PickleValue> T as(Class<T> kind, PickleValue value) {
    if (!kind.isInstance(value)) {
      throw in.error(
          "damaged pickle: at byte %d expected %s, found %s"
              .formatted(in.position(), kind.getSimpleName(), value.getClass().getSimpleName()));
    }
    return kind.cast(value);
  }

  private PickleValue top() {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw underflow();
    }
    return stack.getLast();
  }

  private PickleValue pop() {
    PickleValue value = top();
    stack.removeLast();
    return value;
  }

  private List<PickleValue> pop(int count) {
    List<PickleValue> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.addFirst(pop());
    }
    return values;
  }

  private List<PickleValue> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw underflow();
    }
    List<PickleValue> tail = stack.subList(mark + 1, stack.size());
    List<PickleValue> values = new ArrayList<>(tail);
    tail.clear();
    stack.removeLast();
    return values;
  }

  private CheckpointException underflow() {
    return in.error("damaged pickle: a value is missing at byte " + in.position());
  }
}
