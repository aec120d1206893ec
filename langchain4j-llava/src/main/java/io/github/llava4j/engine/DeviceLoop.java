package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.llava4j.EngineException;
import io.github.llava4j.LlavaException;
import io.github.llava4j.engine.GenerationListener.Stage;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.model.Decoder;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.model.VisionTower;

/**
 * What the engine's thread does: step by step it takes one tile of a waiting picture through the vision tower, or one
 * batch of all sequences that can go on through the decoder. Not thread-safe.
 */
final class DeviceLoop implements AutoCloseable {

  /** Prefill rows per batch while other sequences decode, so that a long prompt does not stall their streams. */
  private static final int SHARED_PREFILL_ROWS = 64;

  private final LlavaModel model;
  private final Limits limits;
  private final ImageEmbeddingCache imageCache;
  private final Compiled vision;
  private final Compiled decoder;
  private final Slots slots;
  private final List<Sequence> running = new ArrayList<>();
  private float[] given = new float[0];

  DeviceLoop(LlavaModel model, Backend backend, Limits limits, ImageEmbeddingCache imageCache) {
    this.model = model;
    this.limits = limits;
    this.imageCache = imageCache;
    int rows = model.vision().rowsPerTile();
    this.vision = backend.compile(model.vision().program(), new Limits(rows, 1, rows));
    this.decoder = backend.compile(model.decoder().program(), limits);
    this.slots = new Slots(limits.slots());
  }

  boolean isIdle() {
    return running.isEmpty();
  }

  boolean hasRoom() {
    return slots.hasFree();
  }

  void admit(Sequence sequence) {
    Slots.Claim claim = slots.claim(sequence.promptKeys(), !sequence.request.traced(), decoder::copySlot);
    sequence.slot = claim.slot();
    sequence.reused = claim.reused();
    sequence.filled = claim.reused();
    running.add(sequence);
  }

  /** Does one step; a failure ends the sequences that took part and no others. */
  void step() {
    for (Sequence sequence : List.copyOf(running)) {
      if (sequence.generation.isCancelled()) {
        end(sequence, sequence.finish(FinishReason.CANCELLED));
      }
    }
    for (Sequence sequence : running) {
      Sequence.Image image = sequence.nextImage();
      if (image != null) {
        guard(List.of(sequence), () -> seeTile(sequence, image));
        break;
      }
    }
    List<Sequence> ready = running.stream().filter(sequence -> sequence.nextImage() == null).toList();
    if (!ready.isEmpty()) {
      guard(ready, () -> decode(ready));
    }
  }

  private void guard(List<Sequence> sequences, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      LlavaException failure =
          e instanceof LlavaException known ? known : new EngineException("the device failed: " + e.getMessage(), e);
      for (Sequence sequence : sequences) {
        if (running.remove(sequence)) {
          slots.release(sequence.slot);
          sequence.generation.fail(failure);
        }
      }
    }
  }

  private void seeTile(Sequence sequence, Sequence.Image image) {
    float[] known = sequence.request.traced() ? null : imageCache.get(image.key);
    if (known != null) {
      image.embeddings = known;
      return;
    }
    long start = System.nanoTime();
    VisionTower tower = model.vision();
    int tileValues = 3 * image.tiles.size() * image.tiles.size();
    int from = image.tilesDone * tileValues;
    float[] pixels = Arrays.copyOfRange(image.tiles.pixels(), from, from + tileValues);
    Map<Buffer, float[]> results = vision.run(tower.tile(), Map.of(tower.pixels(), pixels));
    image.projected = append(image.projected, results.get(tower.projected()), image);
    if (sequence.request.traced()) {
      image.features = append(image.features, results.get(tower.features()), image);
    }
    image.tilesDone++;
    if (image.tilesDone == image.tiles.count()) {
      image.embeddings = model.merge(image.tiles, image.projected);
      if (!sequence.request.traced()) {
        imageCache.put(image.key, image.embeddings);
        image.projected = null;
      }
    }
    sequence.addVisionTime(System.nanoTime() - start);
    sequence.generation.progress(Stage.VISION, image.tilesDone, image.tiles.count());
  }

  private static float[] append(float[] all, float[] tile, Sequence.Image image) {
    float[] grown = all.length == 0 ? new float[tile.length * image.tiles.count()] : all;
    System.arraycopy(tile, 0, grown, image.tilesDone * tile.length, tile.length);
    return grown;
  }

  /** One batch: a row of each decoding sequence, and as many prompt rows of the others as there is room for. */
  private void decode(List<Sequence> ready) {
    boolean decoding = ready.stream().anyMatch(sequence -> !sequence.isPrefilling());
    int room = limits.rows() - (int) ready.stream().filter(sequence -> !sequence.isPrefilling()).count();
    if (decoding) {
      room = Math.min(room, SHARED_PREFILL_ROWS);
    }
    List<Sequence> members = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (Sequence sequence : ready) {
      int count = sequence.isPrefilling() ? Math.min(sequence.pending(), room) : 1;
      if (count > 0) {
        room -= sequence.isPrefilling() ? count : 0;
        members.add(sequence);
        counts.add(count);
        sequence.prefillStarts();
      }
    }
    Batch batch = batch(members, counts);
    Map<Buffer, float[]> results =
        decoder.run(batch, Map.of(model.decoder().embeddings(), given), wanted(members, counts));
    int output = 0;
    for (int i = 0; i < members.size(); i++) {
      output = advance(members.get(i), counts.get(i), results, output);
    }
  }

  /** Logits only where somebody needs them: of a plain greedy choice the device sends back the token alone. */
  private List<Buffer> wanted(List<Sequence> members, List<Integer> counts) {
    boolean logits = false;
    boolean traced = false;
    for (int i = 0; i < members.size(); i++) {
      Sequence sequence = members.get(i);
      boolean complete = counts.get(i) == sequence.pending();
      logits |= complete && sequence.needsLogits();
      traced |= complete && sequence.request.traced() && sequence.isPrefilling();
    }
    Decoder program = model.decoder();
    List<Buffer> wanted = new ArrayList<>();
    wanted.add(logits ? program.logits() : program.greedy());
    if (traced) {
      wanted.add(program.hiddenStates());
    }
    return wanted;
  }

  private Batch batch(List<Sequence> members, List<Integer> counts) {
    int rows = counts.stream().mapToInt(Integer::intValue).sum();
    int width = model.config().decoder().hidden();
    if (given.length < rows * width) {
      given = new float[rows * width];
    }
    int[] tokens = new int[rows];
    int[] slotOf = new int[rows];
    int[] positions = new int[rows];
    int[] outputs = new int[members.size()];
    int outputCount = 0;
    int row = 0;
    for (int i = 0; i < members.size(); i++) {
      Sequence sequence = members.get(i);
      for (int n = 0; n < counts.get(i); n++, row++) {
        int position = sequence.filled + n;
        tokens[row] = sequence.token(position);
        slotOf[row] = sequence.slot;
        positions[row] = position;
        if (tokens[row] < 0) {
          sequence.embedding(position, given, row * width, width);
        }
      }
      if (counts.get(i) == sequence.pending()) {
        outputs[outputCount++] = row - 1;
      }
    }
    return new Batch(tokens, slotOf, positions, Arrays.copyOf(outputs, outputCount));
  }

  /** Books what a batch computed for a sequence; returns the next unused output row. */
  private int advance(Sequence sequence, int count, Map<Buffer, float[]> results, int output) {
    boolean prefilling = sequence.isPrefilling();
    boolean complete = count == sequence.pending();
    for (int n = 0; n < count; n++, sequence.filled++) {
      slots.filled(sequence.slot, sequence.filled, sequence.key(sequence.filled));
    }
    if (prefilling) {
      sequence.generation.progress(Stage.PREFILL, sequence.filled, sequence.promptTokens());
    }
    if (!complete) {
      return output;
    }
    Decoder program = model.decoder();
    if (prefilling && sequence.request.traced()) {
      sequence.promptHidden = row(results, program.hiddenStates(), output);
    }
    GenerationResult result = results.containsKey(program.logits())
        ? sequence.accept(row(results, program.logits(), output), model)
        : sequence.accept((int) results.get(program.greedy())[output], model);
    if (result != null) {
      end(sequence, result);
    }
    return output + 1;
  }

  private static float[] row(Map<Buffer, float[]> results, Buffer buffer, int row) {
    return Arrays.copyOfRange(results.get(buffer), row * buffer.width(), (row + 1) * buffer.width());
  }

  private void end(Sequence sequence, GenerationResult result) {
    running.remove(sequence);
    slots.release(sequence.slot);
    sequence.generation.complete(
        sequence.request.traced() ? result.withTrace(sequence.trace(model.variant().imageToken())) : result);
  }

  /** Gives up on what runs and returns it. */
  List<Sequence> abort() {
    List<Sequence> left = List.copyOf(running);
    running.clear();
    return left;
  }

  @Override
  public void close() {
    vision.close();
    decoder.close();
  }
}
