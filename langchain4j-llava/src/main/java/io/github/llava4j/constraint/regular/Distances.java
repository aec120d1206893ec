package io.github.llava4j.constraint.regular;

import java.util.Arrays;

/** Lengths of an automaton's texts. Edges of a state are the entries of {@code targets} from its {@code first} on. */
final class Distances {

  private Distances() {}

  /** From each state the fewest steps to acceptance. */
  static int[] shortest(int[] targets, int[] first, boolean[] accepting) {
    int states = accepting.length;
    int[] firstIn = new int[states + 1];
    for (int target : targets) {
      firstIn[target + 1]++;
    }
    for (int state = 0; state < states; state++) {
      firstIn[state + 1] += firstIn[state];
    }
    int[] filled = Arrays.copyOf(firstIn, states);
    int[] in = new int[targets.length];
    for (int state = 0; state < states; state++) {
      for (int edge = first[state]; edge < first[state + 1]; edge++) {
        in[filled[targets[edge]]++] = state;
      }
    }
    int[] distance = new int[states];
    Arrays.fill(distance, Integer.MAX_VALUE);
    int[] queue = new int[states];
    int size = 0;
    for (int state = 0; state < states; state++) {
      if (accepting[state]) {
        distance[state] = 0;
        queue[size++] = state;
      }
    }
    for (int i = 0; i < size; i++) {
      int state = queue[i];
      for (int edge = firstIn[state]; edge < firstIn[state + 1]; edge++) {
        if (distance[in[edge]] == Integer.MAX_VALUE) {
          distance[in[edge]] = distance[state] + 1;
          queue[size++] = in[edge];
        }
      }
    }
    return distance;
  }

  /** Most steps from state 0, which reaches all; every state reaches acceptance, so a circle means that there is no end. */
  static int longest(int[] targets, int[] first) {
    int states = first.length - 1;
    int[] open = new int[states];
    for (int target : targets) {
      open[target]++;
    }
    if (states == 0 || open[0] > 0) {
      return states == 0 ? 0 : Integer.MAX_VALUE;
    }
    int[] length = new int[states];
    int[] queue = new int[states];
    int size = 1;
    int longest = 0;
    for (int i = 0; i < size; i++) {
      int state = queue[i];
      longest = Math.max(longest, length[state]);
      for (int edge = first[state]; edge < first[state + 1]; edge++) {
        int target = targets[edge];
        length[target] = Math.max(length[target], length[state] + 1);
        if (--open[target] == 0) {
          queue[size++] = target;
        }
      }
    }
    return size == states ? longest : Integer.MAX_VALUE;
  }
}
