package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotsTest {

  private final List<String> copies = new ArrayList<>();
  private final Slots.Copier copier = (from, to, length) -> copies.add(from + ">" + to + ":" + length);

  @Test
  void reusesTheLongestBeginningButNeverTheLastPosition() {
    Slots slots = new Slots(2);
    fill(slots, 1, 2, 3, 4);
    assertThat(slots.claim(keys(1, 2, 9), true, copier)).isEqualTo(new Slots.Claim(0, 2));
    slots.release(0);
    fill(slots, 1, 2, 3, 4);
    assertThat(slots.claim(keys(1, 2, 3, 4), true, copier).reused()).isEqualTo(3);
  }

  @Test
  void whatWasOverwrittenIsForgotten() {
    Slots slots = new Slots(1);
    fill(slots, 1, 2, 3, 4);
    fill(slots, 1, 7);
    assertThat(slots.claim(keys(1, 2, 3, 4), true, copier)).isEqualTo(new Slots.Claim(0, 1));
  }

  @Test
  void takesTheLeastRecentlyUsedWhereNothingFits() {
    Slots slots = new Slots(2);
    fill(slots, 1, 2);
    fill(slots, 5, 6);
    fill(slots, 1, 2);
    assertThat(slots.claim(keys(8, 9), true, copier).slot()).isEqualTo(1);
    assertThat(slots.hasFree()).isTrue();
    slots.claim(keys(8, 9), true, copier);
    assertThat(slots.hasFree()).isFalse();
  }

  @Test
  void copiesFromABusySlot() {
    Slots slots = new Slots(2);
    Slots.Claim busy = slots.claim(keys(1, 2, 3, 4), true, copier);
    for (int i = 0; i < 3; i++) {
      slots.filled(busy.slot(), i, i + 1);
    }
    assertThat(slots.claim(keys(1, 2, 3, 9), true, copier)).isEqualTo(new Slots.Claim(1, 3));
    assertThat(copies).containsExactly("0>1:3");
  }

  @Test
  void reusesNothingWhenToldSo() {
    Slots slots = new Slots(1);
    fill(slots, 1, 2, 3);
    assertThat(slots.claim(keys(1, 2, 3), false, copier).reused()).isZero();
  }

  private void fill(Slots slots, long... keys) {
    Slots.Claim claim = slots.claim(keys, true, copier);
    for (int i = claim.reused(); i < keys.length; i++) {
      slots.filled(claim.slot(), i, keys[i]);
    }
    slots.release(claim.slot());
  }

  private static long[] keys(long... keys) {
    return keys;
  }
}
