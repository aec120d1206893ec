package io.github.llava4j.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotsTest {

  @Test
  void reusesTheLongestBeginningButNeverTheLastPosition() {
    Slots slots = new Slots(2);
    fill(slots, 1, 2, 3, 4);
    Slots.Claim claim = slots.claim(keys(1, 2, 9), true);
    assertThat(claim.slot()).isZero();
    assertThat(claim.reused()).isEqualTo(2);
    assertThat(claim.hasDonor()).isFalse();
    slots.release(0);
    fill(slots, 1, 2, 3, 4);
    assertThat(slots.claim(keys(1, 2, 3, 4), true).reused()).isEqualTo(3);
  }

  @Test
  void whatWasOverwrittenIsForgotten() {
    Slots slots = new Slots(1);
    fill(slots, 1, 2, 3, 4);
    fill(slots, 1, 7);
    assertThat(slots.claim(keys(1, 2, 3, 4), true).reused()).isEqualTo(1);
  }

  @Test
  void takesTheLeastRecentlyUsedWhereNothingFits() {
    Slots slots = new Slots(2);
    fill(slots, 1, 2);
    fill(slots, 5, 6);
    fill(slots, 1, 2);
    assertThat(slots.claim(keys(8, 9), true).slot()).isEqualTo(1);
    assertThat(slots.hasFree()).isTrue();
    slots.claim(keys(8, 9), true);
    assertThat(slots.hasFree()).isFalse();
  }

  @Test
  void takesOverABusySlotsBeginningOnceItIsCopied() {
    Slots slots = new Slots(2);
    Slots.Claim busy = slots.claim(keys(1, 2, 3, 4), true);
    for (int i = 0; i < 3; i++) {
      slots.filled(busy.slot(), i, i + 1);
    }
    Slots.Claim claim = slots.claim(keys(1, 2, 3, 9), true);
    assertThat(claim).isEqualTo(new Slots.Claim(1, 0, 0, 3));
    assertThat(slots.copied(claim)).isEqualTo(3);
    slots.release(1);
    assertThat(slots.claim(keys(1, 2, 3, 9), true).reused()).isEqualTo(3);
  }

  @Test
  void aCopyThatFailedIsNotBelieved() {
    Slots slots = new Slots(2);
    fill(slots, 1, 5);
    fill(slots, 1, 2, 3, 4);
    // Slot 0 holds position 0 of its own, but half of it may be overwritten by now.
    assertThat(slots.claim(keys(1, 2, 3, 4), true).slot()).isEqualTo(0);
    slots.release(0);
    Slots.Claim donor = slots.claim(keys(1, 2, 3, 4, 8), true);
    Slots.Claim claim = slots.claim(keys(1, 2, 3, 4, 9), true);
    assertThat(claim.hasDonor()).isTrue();
    assertThat(claim.reused()).isZero();
    slots.release(claim.slot());
    slots.release(donor.slot());
    Slots.Claim again = slots.claim(keys(1, 2, 3, 4, 9), true);
    assertThat(again.slot()).isEqualTo(donor.slot());
    slots.claim(keys(7, 7), true);
  }

  @Test
  void reusesNothingWhenToldSo() {
    Slots slots = new Slots(1);
    fill(slots, 1, 2, 3);
    assertThat(slots.claim(keys(1, 2, 3), false).reused()).isZero();
  }

  /** Against the plainest model there is: what was written into each slot, position by position. */
  @Test
  void neverClaimsWhatAnotherWrote() {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      int count = 1 + random.nextInt(3);
      Slots slots = new Slots(count);
      long[][] written = new long[count][32];
      Map<Integer, long[]> running = new HashMap<>();
      for (int step = 0; step < 60; step++) {
        if (slots.hasFree() && random.nextBoolean()) {
          long[] prompt = new Random(random.nextInt(4)).longs(4 + random.nextInt(6), 0, 3).toArray();
          Slots.Claim claim = slots.claim(prompt, random.nextInt(5) > 0);
          int reused = claim.reused();
          if (claim.hasDonor()) {
            boolean works = random.nextInt(3) > 0;
            int copied = works ? claim.shared() : claim.shared() / 2;
            System.arraycopy(written[claim.donor()], 0, written[claim.slot()], 0, copied);
            reused = works ? slots.copied(claim) : 0;
          }
          assertThat(reused).isLessThan(prompt.length);
          assertThat(Arrays.copyOf(written[claim.slot()], reused)).isEqualTo(Arrays.copyOf(prompt, reused));
          int until = reused + random.nextInt(prompt.length - reused + 1);
          for (int i = reused; i < until; i++) {
            written[claim.slot()][i] = prompt[i];
            slots.filled(claim.slot(), i, prompt[i]);
          }
          if (until < prompt.length) {
            // A run that failed: it wrote something, and nobody was told.
            written[claim.slot()][until] = -1;
          }
          assertThat(running).doesNotContainKey(claim.slot());
          running.put(claim.slot(), prompt);
        } else if (!running.isEmpty()) {
          int slot = running.keySet().iterator().next();
          running.remove(slot);
          slots.release(slot);
        }
      }
    }
  }

  private static void fill(Slots slots, long... keys) {
    Slots.Claim claim = slots.claim(keys, true);
    for (int i = claim.reused(); i < keys.length; i++) {
      slots.filled(claim.slot(), i, keys[i]);
    }
    slots.release(claim.slot());
  }

  private static long[] keys(long... keys) {
    return keys;
  }
}
