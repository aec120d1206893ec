package io.github.llava4j.constraint.regular;

import java.util.Arrays;
import java.util.Collection;

import io.github.llava4j.ConstraintException;

/**
 * The minimal automaton of a list of words, built in one pass over the sorted words: as soon as no further word can run
 * through a state, it is replaced by an equal one that is there already (J. Daciuk et al., "Incremental construction of
 * minimal acyclic finite-state automata", Computational Linguistics 26, 2000).
 */
final class WordList implements Assembler.Source {

  static final int MAX_STATES = 400_000;

  private static final int FREE = -1;

  private final IntList firstEdge = new IntList();
  private final IntList accepts = new IntList();
  private final IntList characters = new IntList();
  private final IntList targets = new IntList();
  private int[] register = new int[64];
  /** The states of the last word, by depth: not yet final. */
  private Open[] path = {new Open()};

  private static final class Open {

    private boolean accepting;
    private final IntList characters = new IntList();
    private final IntList targets = new IntList();

    void clear() {
      accepting = false;
      characters.clear();
      targets.clear();
    }
  }

  private WordList() {
    Arrays.fill(register, FREE);
    firstEdge.add(0);
  }

  static Language language(Collection<String> words) {
    if (words.isEmpty()) {
      return Language.none();
    }
    int[][] sorted = new int[words.size()][];
    int next = 0;
    for (String word : words) {
      sorted[next++] = codePoints(word);
    }
    Arrays.sort(sorted, Arrays::compare);
    WordList list = new WordList();
    int[] last = Language.NO_INTS;
    for (int[] word : sorted) {
      list.add(word, last);
      last = word;
    }
    list.close(last, 0);
    list.freeze(list.path[0]);
    return Assembler.assemble(list);
  }

  static int[] codePoints(String word) {
    int[] points = word.codePoints().toArray();
    for (int point : points) {
      if (Characters.isSurrogate(point)) {
        throw new ConstraintException("a text holds half of a surrogate pair, U+" + Integer.toHexString(point).toUpperCase()
            + ", which cannot be written as UTF-8; remove it");
      }
    }
    return points;
  }

  private void add(int[] word, int[] last) {
    int common = Arrays.mismatch(word, last);
    if (common < 0) {
      common = word.length;
    }
    close(last, common);
    if (path.length <= word.length) {
      int old = path.length;
      path = Arrays.copyOf(path, Math.max(2 * old, word.length + 1));
      for (int i = old; i < path.length; i++) {
        path[i] = new Open();
      }
    }
    path[word.length].accepting = true;
  }

  /** Makes the states of the last word final that are deeper than {@code depth}. */
  private void close(int[] last, int depth) {
    for (int i = last.length; i > depth; i--) {
      int state = freeze(path[i]);
      path[i].clear();
      path[i - 1].characters.add(last[i - 1]);
      path[i - 1].targets.add(state);
    }
  }

  private int freeze(Open open) {
    int mask = register.length - 1;
    int slot = hash(open) & mask;
    while (register[slot] != FREE) {
      if (equal(register[slot], open)) {
        return register[slot];
      }
      slot = (slot + 1) & mask;
    }
    int state = states();
    if (state == MAX_STATES) {
      throw new ConstraintException("the list of words is too long: its automaton has more than " + MAX_STATES + " states");
    }
    for (int i = 0; i < open.characters.size(); i++) {
      characters.add(open.characters.get(i));
      targets.add(open.targets.get(i));
    }
    firstEdge.add(characters.size());
    accepts.add(open.accepting ? 1 : 0);
    register[slot] = state;
    if (2 * states() > register.length) {
      grow();
    }
    return state;
  }

  private void grow() {
    register = new int[4 * register.length];
    Arrays.fill(register, FREE);
    int mask = register.length - 1;
    for (int state = 0; state < states(); state++) {
      int hash = accepts.get(state);
      for (int edge = firstEdge.get(state); edge < firstEdge.get(state + 1); edge++) {
        hash = mix(hash, characters.get(edge), targets.get(edge));
      }
      int slot = spread(hash) & mask;
      while (register[slot] != FREE) {
        slot = (slot + 1) & mask;
      }
      register[slot] = state;
    }
  }

  private static int hash(Open open) {
    int hash = open.accepting ? 1 : 0;
    for (int i = 0; i < open.characters.size(); i++) {
      hash = mix(hash, open.characters.get(i), open.targets.get(i));
    }
    return spread(hash);
  }

  private static int mix(int hash, int character, int target) {
    return (hash * 31 + character) * 0x9E3779B1 + target;
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B1;
    return mixed ^ mixed >>> 15;
  }

  private boolean equal(int state, Open open) {
    int first = firstEdge.get(state);
    int size = firstEdge.get(state + 1) - first;
    if (size != open.characters.size() || accepts.get(state) != (open.accepting ? 1 : 0)) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (characters.get(first + i) != open.characters.get(i) || targets.get(first + i) != open.targets.get(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int states() {
    return accepts.size();
  }

  @Override
  public int start() {
    return states() - 1;
  }

  @Override
  public boolean accepting(int state) {
    return accepts.get(state) != 0;
  }

  @Override
  public int row(int state, Rows out) {
    for (int edge = firstEdge.get(state); edge < firstEdge.get(state + 1); edge++) {
      out.add(characters.get(edge), characters.get(edge), targets.get(edge));
    }
    return out.finish();
  }
}
