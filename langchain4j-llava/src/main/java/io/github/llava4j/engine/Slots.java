package io.github.llava4j.engine;

import java.util.Arrays;

/**
 * Which positions of each slot already hold keys and values, and of what: the prefix cache. A position is identified by
 * a number that stands for its token, or for a row of a picture with a certain content.
 */
final class Slots {

  /**
   * A slot for a new sequence.
   *
   * @param reused positions that it holds already
   * @param donor a busy slot that holds more of them, or -1; until {@link #copied} nothing is reused then
   * @param shared positions that the donor holds
   */
  record Claim(int slot, int reused, int donor, int shared) {

    boolean hasDonor() {
      return donor >= 0;
    }
  }

  private final long[][] keys;
  private final int[] lengths;
  private final boolean[] busy;
  private final long[] lastUse;
  private long clock;

  Slots(int count) {
    keys = new long[count][0];
    lengths = new int[count];
    busy = new boolean[count];
    lastUse = new long[count];
  }

  boolean hasFree() {
    for (boolean b : busy) {
      if (!b) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a free slot for a prompt, preferably one that holds its beginning, else the least recently used, into which
   * a busy slot's longer beginning is to be copied. The last position is never reused: its logits are wanted.
   *
   * @param reuse whether earlier positions may be reused at all
   */
  Claim claim(long[] prompt, boolean reuse) {
    int best = -1;
    int bestCommon = -1;
    int donor = -1;
    int donorCommon = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      int common = reuse ? common(slot, prompt) : 0;
      if (busy[slot]) {
        if (common > donorCommon) {
          donor = slot;
          donorCommon = common;
        }
      } else if (common > bestCommon || common == bestCommon && lastUse[slot] < lastUse[best]) {
        best = slot;
        bestCommon = common;
      }
    }
    boolean copy = donorCommon > bestCommon;
    busy[best] = true;
    keys[best] = Arrays.copyOf(prompt, prompt.length);
    // While the donor's positions are written over them, the slot's own are not to be believed.
    lengths[best] = copy ? 0 : bestCommon;
    return new Claim(best, lengths[best], copy ? donor : -1, donorCommon);
  }

  /** The donor's positions are in the slot now; returns how many it reuses. */
  int copied(Claim claim) {
    lengths[claim.slot()] = claim.shared();
    return claim.shared();
  }

  private int common(int slot, long[] prompt) {
    int limit = Math.min(lengths[slot], prompt.length - 1);
    int mismatch = Arrays.mismatch(keys[slot], 0, limit, prompt, 0, limit);
    return mismatch < 0 ? limit : mismatch;
  }

  /** Position {@code position} of {@code slot} now holds {@code key}. */
  void filled(int slot, int position, long key) {
    if (position >= keys[slot].length) {
      keys[slot] = Arrays.copyOf(keys[slot], Math.max(position + 1, keys[slot].length * 2));
    }
    keys[slot][position] = key;
    lengths[slot] = position + 1;
  }

  void release(int slot) {
    busy[slot] = false;
    lastUse[slot] = ++clock;
  }
}
