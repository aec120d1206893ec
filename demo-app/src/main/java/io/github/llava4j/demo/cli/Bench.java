package io.github.llava4j.demo.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.CompileOptions;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.model.LlavaModel;

/**
 * Times a model's programs as the engine runs them, with random tokens and pixels. It goes below the engine so that its
 * caches of prompts and pictures cannot make numbers look good. Times are in milliseconds.
 */
final class Bench implements AutoCloseable {

  private static final long SEED = 1;

  private final LlavaModel model;
  private final Compiled decoder;
  private final Compiled vision;
  private final int batchRows;
  private final Random random = new Random(SEED);

  /**
   * @param options how many prompt positions a batch has, and how past ones are kept
   * @param context most positions of a measurement
   */
  Bench(LlavaModel model, Backend backend, EngineOptions options, int context) {
    this.model = model;
    this.batchRows = options.batchRows();
    this.decoder = backend.compile(model.decoder().program(),
        CompileOptions.of(new Limits(batchRows, 1, context)).withKvType(options.kvType()));
    int rows = model.vision().rowsPerTile();
    this.vision = backend.compile(model.vision().program(), new Limits(rows, 1, rows));
  }

  /** A prompt of {@code tokens} tokens from an empty context. */
  double prefill(int tokens) {
    int[] ids = randomTokens(tokens);
    long start = System.nanoTime();
    for (int from = 0; from < tokens; from += batchRows) {
      int to = Math.min(tokens, from + batchRows);
      run(Arrays.copyOfRange(ids, from, to), from, to == tokens);
    }
    return millisSince(start);
  }

  /** {@code tokens} single tokens one after another, from position {@code depth} on; those before must have been there. */
  double decode(int tokens, int depth) {
    int[] ids = randomTokens(tokens);
    long start = System.nanoTime();
    for (int i = 0; i < tokens; i++) {
      run(new int[] {ids[i]}, depth + i, true);
    }
    return millisSince(start);
  }

  /** One tile through vision tower and projector. */
  double tile() {
    float[] pixels = new float[model.vision().pixels().width()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Map<Buffer, float[]> inputs = Map.of(model.vision().pixels(), pixels);
    long start = System.nanoTime();
    vision.run(model.vision().tile(), inputs);
    return millisSince(start);
  }

  /** Reads back what a greedy answer does: the best token. */
  private void run(int[] ids, int position, boolean last) {
    int[] positions = IntStream.range(position, position + ids.length).toArray();
    int[] outputs = last ? new int[] {ids.length - 1} : new int[0];
    // No row is given as an embedding, but the input must be there.
    decoder.run(
        new Batch(ids, new int[ids.length], positions, outputs),
        Map.of(model.decoder().embeddings(), new float[ids.length * model.decoder().embeddings().width()]),
        List.of(model.decoder().greedy()));
  }

  private int[] randomTokens(int count) {
    return random.ints(count, 0, model.variant().vocabulary().size()).toArray();
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  @Override
  public void close() {
    decoder.close();
    vision.close();
  }
}
