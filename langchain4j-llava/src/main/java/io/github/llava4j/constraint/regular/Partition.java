package io.github.llava4j.constraint.regular;

/** Splits the numbers from 0 into finer and finer sets: elements are marked, then each set is split into its marked and others. */
final class Partition {

  private final int[] elements;
  private final int[] location;
  private final int[] set;
  private final int[] first;
  private final int[] end;
  private final int[] marked;
  private final IntList touched = new IntList();
  private int sets;

  Partition(int size) {
    elements = new int[size];
    location = new int[size];
    set = new int[size];
    first = new int[size + 1];
    end = new int[size + 1];
    marked = new int[size + 1];
    for (int i = 0; i < size; i++) {
      elements[i] = i;
      location[i] = i;
    }
    sets = size == 0 ? 0 : 1;
    end[0] = size;
  }

  int size() {
    return sets;
  }

  int setOf(int element) {
    return set[element];
  }

  int first(int aSet) {
    return first[aSet];
  }

  int end(int aSet) {
    return end[aSet];
  }

  int element(int position) {
    return elements[position];
  }

  /** One set for each key; {@code firstOfKey} says where each key's elements begin. */
  void sortInto(int[] firstOfKey, int[] keys) {
    int[] filled = firstOfKey.clone();
    for (int element = 0; element < keys.length; element++) {
      int position = filled[keys[element]]++;
      elements[position] = element;
      location[element] = position;
    }
    sets = 0;
    for (int key = 0; key + 1 < firstOfKey.length; key++) {
      if (firstOfKey[key] < firstOfKey[key + 1]) {
        first[sets] = firstOfKey[key];
        end[sets] = firstOfKey[key + 1];
        for (int i = first[sets]; i < end[sets]; i++) {
          set[elements[i]] = sets;
        }
        sets++;
      }
    }
  }

  void mark(int element) {
    int itsSet = set[element];
    int from = location[element];
    int to = first[itsSet] + marked[itsSet];
    if (from < to) {
      return;
    }
    elements[from] = elements[to];
    location[elements[from]] = from;
    elements[to] = element;
    location[element] = to;
    if (marked[itsSet]++ == 0) {
      touched.add(itsSet);
    }
  }

  /** The smaller part of each set becomes the new one. */
  void split() {
    for (int t = 0; t < touched.size(); t++) {
      int old = touched.get(t);
      int middle = first[old] + marked[old];
      marked[old] = 0;
      if (middle == end[old]) {
        continue;
      }
      if (middle - first[old] <= end[old] - middle) {
        first[sets] = first[old];
        end[sets] = middle;
        first[old] = middle;
      } else {
        first[sets] = middle;
        end[sets] = end[old];
        end[old] = middle;
      }
      for (int i = first[sets]; i < end[sets]; i++) {
        set[elements[i]] = sets;
      }
      sets++;
    }
    touched.clear();
  }
}
