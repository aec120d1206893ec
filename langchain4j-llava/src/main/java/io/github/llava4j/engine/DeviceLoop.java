package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.github.llava4j.EngineClosedException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.engine.GenerationListener.Stage;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.CompileOptions;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.RunAbortedException;
import io.github.llava4j.model.Decoder;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.VisionTower;

/**
 * What the engine's thread does: step by step it takes one tile of a waiting picture through the vision tower, and one
 * batch of all sequences that can go on through the decoder. Only {@link #abort} and {@link #failures} may be called by
 * other threads.
 *
 * <p>What fails on the device ends the sequences that took part; what fails while one sequence is looked at ends that one
 * alone. Several device failures in a row are an {@link io.github.llava4j.EngineException} that ends the loop.
 */
final class DeviceLoop implements AutoCloseable {

  /** Prefill rows per batch while other sequences decode, so that a long prompt does not stall their streams. */
  private static final int SHARED_PREFILL_ROWS = 64;

  /** A ticket and the sequence that it was given for, while it holds a slot. */
  private record Member(Ticket ticket, Sequence sequence) {}

  private final LlavaModel model;
  private final Limits limits;
  private final BudgetCache<PictureKey, float[]> imageCache;
  private final Consumer<Ticket> ended;
  private final Compiled vision;
  private final Compiled decoder;
  private final Slots slots;
  private final List<Member> running = new ArrayList<>();
  private final DeviceFaults faults = new DeviceFaults();
  private final Glances glances;
  private boolean glanceIsNext;
  private float[] given = new float[0];

  /**
   * @param options of the decoder
   * @param ended is called for each admitted ticket when its slot is free again
   */
  DeviceLoop(
      LlavaModel model, Backend backend, CompileOptions options, BudgetCache<PictureKey, float[]> imageCache,
      Consumer<Ticket> ended) {
    this.model = model;
    this.limits = options.limits();
    this.imageCache = imageCache;
    this.ended = ended;
    this.slots = new Slots(limits.slots());
    int rows = model.vision().rowsPerTile();
    this.vision = backend.compile(model.vision().program(), new Limits(rows, 1, rows));
    this.glances = new Glances(model, vision, faults, ended);
    try {
      this.decoder = backend.compile(model.decoder().program(), options);
    } catch (Throwable e) {
      vision.close();
      throw e;
    }
  }

  boolean isIdle() {
    return running.isEmpty() && glances.isEmpty();
  }

  boolean hasRoom() {
    return slots.hasFree();
  }

  /** Failures of the device since its last run that did not fail. */
  int failures() {
    return faults.inARow();
  }

  /** Takes a request in. One that is to be answered gets a slot; there must be one. */
  void admit(Ticket ticket) {
    switch (ticket.work()) {
      case Glance glance -> glances.admit(ticket, glance);
      case Sequence sequence -> admit(ticket, sequence);
    }
  }

  private void admit(Ticket ticket, Sequence sequence) {
    if (!sequence.generation().admit()) {
      ended.accept(ticket);
      return;
    }
    Slots.Claim claim = slots.claim(sequence.keys().ofPrompt(), !sequence.traced());
    sequence.admitted(claim.slot(), claim.reused());
    running.add(new Member(ticket, sequence));
    if (claim.hasDonor()) {
      copyPrefix(sequence, claim);
    }
  }

  /** A beginning that cannot be copied is computed again. */
  private void copyPrefix(Sequence sequence, Slots.Claim claim) {
    try {
      decoder.copySlot(claim.donor(), claim.slot(), claim.shared());
      sequence.admitted(claim.slot(), slots.copied(claim));
    } catch (RunAbortedException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      faults.count(e);
    }
  }

  /**
   * Does one step.
   *
   * @throws io.github.llava4j.EngineException if the device failed too often
   * @throws RunAbortedException after {@link #abort}
   */
  void step() {
    for (Member member : List.copyOf(running)) {
      if (member.sequence().generation().isCancelled()) {
        answered(member, member.sequence().finish(FinishReason.CANCELLED, model));
      } else if (member.sequence().generation().state() == Generation.State.ENDED) {
        leave(member);
      }
    }
    look();
    List<Member> ready = running.stream().filter(member -> member.sequence().nextPicture() == null).toList();
    if (!ready.isEmpty()) {
      decode(ready);
    }
  }

  /** One tile; requests for answers and those for features take turns. */
  private void look() {
    Member member = running.stream().filter(one -> one.sequence().nextPicture() != null).findFirst().orElse(null);
    if (member == null || glanceIsNext && !glances.isEmpty()) {
      glances.step();
      glanceIsNext = false;
    } else {
      PendingPicture picture = Objects.requireNonNull(member.sequence().nextPicture());
      guard(List.of(member), () -> see(member, picture));
      glanceIsNext = true;
    }
  }

  /** What goes wrong in {@code work} ends {@code members} and nobody else. */
  private void guard(List<Member> members, Runnable work) {
    try {
      work.run();
    } catch (RunAbortedException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      LlavaException shown = DeviceFaults.shown(e);
      members.forEach(member -> failed(member, shown));
      faults.giveUpAfter(e);
    }
  }

  private void see(Member member, PendingPicture picture) {
    Sequence sequence = member.sequence();
    if (!sequence.generation().see()) {
      return;
    }
    float[] known = picture.traced() ? null : imageCache.get(picture.key());
    if (known != null) {
      picture.complete(known);
      return;
    }
    long start = System.nanoTime();
    VisionTower tower = model.vision();
    Map<Buffer, float[]> results =
        faults.watch(() -> vision.run(tower.tile(), Map.of(tower.pixels(), picture.nextTile()), wanted(picture)));
    picture.saw(
        results.get(tower.projected()), picture.traced() ? results.get(tower.features()) : null, model);
    if (picture.isSeen() && !picture.traced()) {
      imageCache.put(picture.key(), picture.embeddings());
    }
    sequence.saw(System.nanoTime() - start);
    sequence.generation().progress(Stage.VISION, picture.tilesDone(), picture.tileCount());
  }

  private List<Buffer> wanted(PendingPicture picture) {
    VisionTower tower = model.vision();
    return picture.traced() ? List.of(tower.features(), tower.projected()) : List.of(tower.projected());
  }

  /** The rows that a sequence has in a batch. */
  private record Share(Member member, int rows) {

    Sequence sequence() {
      return member.sequence();
    }

    /** Whether its last row's result is wanted. */
    boolean completes() {
      return rows == sequence().pending();
    }
  }

  /** One batch: a row of each decoding sequence, and as many prompt rows of the others as there is room for. */
  private void decode(List<Member> ready) {
    List<Share> shares = shares(ready);
    if (shares.isEmpty()) {
      return;
    }
    guard(shares.stream().map(Share::member).toList(), () -> {
      Batch batch = batch(shares);
      Map<Buffer, float[]> results = faults.watch(
          () -> decoder.run(batch, Map.of(model.decoder().embeddings(), given), wanted(shares)));
      int output = 0;
      for (Share share : shares) {
        int row = share.completes() ? output++ : -1;
        guard(List.of(share.member()), () -> advance(share, results, row));
      }
    });
  }

  private List<Share> shares(List<Member> ready) {
    int decoding = (int) ready.stream().filter(member -> !member.sequence().isPrefilling()).count();
    int room = limits.rows() - decoding;
    if (decoding > 0) {
      room = Math.min(room, SHARED_PREFILL_ROWS);
    }
    List<Share> shares = new ArrayList<>();
    for (Member member : ready) {
      Sequence sequence = member.sequence();
      boolean prefilling = sequence.isPrefilling();
      int rows = prefilling ? Math.min(sequence.pending(), room) : 1;
      boolean alive = prefilling ? sequence.generation().prefill() : sequence.generation().decode();
      if (rows > 0 && alive) {
        room -= prefilling ? rows : 0;
        shares.add(new Share(member, rows));
        sequence.computing();
      }
    }
    return shares;
  }

  /** Logits only where somebody needs them: of a plain greedy choice the device sends back the token alone. */
  private List<Buffer> wanted(List<Share> shares) {
    boolean logits = shares.stream().anyMatch(share -> share.completes() && share.sequence().needsLogits());
    boolean hidden = shares.stream().anyMatch(
        share -> share.completes() && share.sequence().traced() && share.sequence().isPrefilling());
    Decoder program = model.decoder();
    List<Buffer> wanted = new ArrayList<>();
    wanted.add(logits ? program.logits() : program.greedy());
    if (hidden) {
      wanted.add(program.hiddenStates());
    }
    return wanted;
  }

  private Batch batch(List<Share> shares) {
    int rows = shares.stream().mapToInt(Share::rows).sum();
    int width = model.config().decoder().hidden();
    if (given.length < rows * width) {
      given = new float[rows * width];
    }
    int[] tokens = new int[rows];
    int[] slotOf = new int[rows];
    int[] positions = new int[rows];
    int[] outputs = new int[shares.size()];
    int outputCount = 0;
    int row = 0;
    for (Share share : shares) {
      Sequence sequence = share.sequence();
      for (int n = 0; n < share.rows(); n++, row++) {
        int position = sequence.filled() + n;
        tokens[row] = sequence.token(position);
        slotOf[row] = sequence.slot();
        positions[row] = position;
        if (tokens[row] < 0) {
          sequence.embedding(position, given, row * width, width);
        }
      }
      if (share.completes()) {
        outputs[outputCount++] = row - 1;
      }
    }
    return new Batch(tokens, slotOf, positions, Arrays.copyOf(outputs, outputCount));
  }

  /** Books what a batch computed for a sequence; {@code output} is its row of the results, -1 if it has none. */
  private void advance(Share share, Map<Buffer, float[]> results, int output) {
    Sequence sequence = share.sequence();
    boolean prefilling = sequence.isPrefilling();
    for (int n = 0; n < share.rows(); n++) {
      int position = sequence.filled() + n;
      slots.filled(sequence.slot(), position, sequence.keys().at(position));
    }
    sequence.computed(share.rows());
    if (prefilling) {
      sequence.generation().progress(Stage.PREFILL, sequence.filled(), sequence.promptTokens());
    }
    if (output < 0) {
      return;
    }
    Decoder program = model.decoder();
    if (prefilling && sequence.traced()) {
      sequence.hiddenStates(row(results, program.hiddenStates(), output));
    }
    GenerationResult result = results.containsKey(program.logits())
        ? sequence.accept(row(results, program.logits(), output), model)
        : sequence.accept((int) results.get(program.greedy())[output], model);
    if (result != null) {
      answered(share.member(), result);
    }
  }

  private static float[] row(Map<Buffer, float[]> results, Buffer buffer, int row) {
    return Arrays.copyOfRange(results.get(buffer), row * buffer.width(), (row + 1) * buffer.width());
  }

  private void answered(Member member, GenerationResult result) {
    leave(member);
    member.sequence().generation().answer(result);
  }

  private void failed(Member member, LlavaException error) {
    leave(member);
    member.sequence().generation().fail(error);
  }

  /** Frees the slot first: who hears that a request has ended may send the next one. */
  private void leave(Member member) {
    if (running.remove(member)) {
      slots.release(member.sequence().slot());
      ended.accept(member.ticket());
    }
  }

  /** Ends all that runs. */
  void abandon(EngineClosedException reason) {
    List.copyOf(running).forEach(member -> failed(member, Admission.again(reason)));
    glances.abandon(reason);
  }

  /** Makes a run under way and all later ones end soon; called by any thread. */
  void abort() {
    vision.abort();
    decoder.abort();
  }

  @Override
  public void close() {
    try {
      vision.close();
    } finally {
      decoder.close();
    }
  }
}
