package io.github.llava4j.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.RunAbortedException;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.VisionTower;

/** The pictures of which only features are wanted, on the engine's thread; one of them is one step. */
final class Glances {

  private record Member(Ticket ticket, Glance glance) {}

  private final LlavaModel model;
  private final Compiled vision;
  private final DeviceFaults faults;
  private final Consumer<Ticket> ended;
  private final Deque<Member> waiting = new ArrayDeque<>();

  /** @param ended is called for each admitted ticket when it is done with */
  Glances(LlavaModel model, Compiled vision, DeviceFaults faults, Consumer<Ticket> ended) {
    this.model = model;
    this.vision = vision;
    this.faults = faults;
    this.ended = ended;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void admit(Ticket ticket, Glance glance) {
    if (glance.generation().admit()) {
      waiting.add(new Member(ticket, glance));
    } else {
      ended.accept(ticket);
    }
  }

  /**
   * Sees the next picture; those that were cancelled or timed out are passed over.
   *
   * @throws io.github.llava4j.EngineException if the device failed too often in a row
   * @throws RunAbortedException after an abort
   */
  void step() {
    for (Member member; (member = waiting.poll()) != null;) {
      Generation generation = member.glance().generation();
      if (generation.isCancelled()) {
        ended.accept(member.ticket());
        generation.answer(GenerationResult.NOTHING);
      } else if (generation.see()) {
        see(member);
        return;
      } else {
        ended.accept(member.ticket());
      }
    }
  }

  private void see(Member member) {
    Glance glance = member.glance();
    try {
      VisionTower tower = model.vision();
      Map<Buffer, float[]> results = faults.watch(
          () -> vision.run(tower.tile(), Map.of(tower.pixels(), glance.pixels()), List.of(tower.features())));
      glance.saw(results.get(tower.features()), tower.config());
    } catch (RunAbortedException e) {
      waiting.addFirst(member); // The loop ends, and ends it.
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      ended.accept(member.ticket());
      glance.generation().fail(DeviceFaults.shown(e));
      faults.giveUpAfter(e);
      return;
    }
    ended.accept(member.ticket());
    glance.generation().answer(GenerationResult.SEEN);
  }

  /** Ends all that wait. */
  void abandon(EngineClosedException reason) {
    for (Member member; (member = waiting.poll()) != null;) {
      ended.accept(member.ticket());
      member.glance().generation().fail(Admission.again(reason));
    }
  }
}
