package io.github.llava4j.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.Tiles;
import io.github.llava4j.kernels.Backend;
import io.github.llava4j.kernels.Batch;
import io.github.llava4j.kernels.Buffer;
import io.github.llava4j.kernels.Compiled;
import io.github.llava4j.kernels.Limits;
import io.github.llava4j.kernels.select.Backends;
import io.github.llava4j.kernels.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The whole forward pass against numbers that transformers 5.18.0 gave for {@link TinyReference}. */
class TinyReferenceTest {

  private static final double TOLERANCE = 1e-4;

  private final Map<String, Tensor> tensors = TinyReference.tensors();

  /** What transformers computed for a picture of that size. */
  record Case(
      int height, int width, int tiles, int gridRows, int gridColumns, int tokens, double absSum, double weightedSum,
      float[] row16, float[] logits, List<Integer> greedy) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(50, 90, 3, 1, 2, 52, 745.3969, -2617.3815, f(-0.2498156, -0.7020117, 0.6354794, -0.0882615),
            f(-0.4392474, 0.3266716, 0.2558507, 0.5397455, -0.5105864, 0.8269615), List.of(59, 32, 21, 18, 43, 59)),
        new Case(90, 50, 3, 2, 1, 56, 787.7904, -3412.5367, f(-0.2498156, -0.7020117, 0.6354794, -0.0882615),
            f(-0.3434786, 0.3731277, 0.0206318, 0.6216287, -0.3176577, 0.9180052), List.of(59, 40, 47, 63, 19, 37)),
        new Case(100, 100, 5, 2, 2, 88, 1243.5161, -7712.9920, f(-0.2498156, -0.7020117, 0.6354794, -0.0882615),
            f(-0.0297085, 0.5545117, 0.3194722, 0.7059408, -0.2897060, 1.3443946), List.of(58, 39, 59, 32, 21, 55)),
        new Case(30, 150, 4, 1, 3, 42, 598.3717, -1654.0762, f(-0.1891630, 0.0923659, 0.1108736, 0.1648393),
            f(-1.0592304, -0.2239511, -0.0337858, 0.9250927, -0.7650044, -0.1176701), List.of(6, 1, 30, 59, 19, 37)),
        new Case(112, 30, 3, 2, 1, 40, 553.2185, -1988.8387, f(0.3707849, -0.0198788, 0.1580440, -0.2103647),
            f(-1.1364328, -0.5202907, -0.3077562, 0.8654065, -0.5660434, -0.2296211), List.of(58, 30, 59, 21, 59, 30)));
  }

  private static float[] f(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void visionTower(String backend) {
    VisionTower tower = VisionTower.of(TinyReference.config(true), tensors::get);
    Map<Buffer, float[]> results = runTile(backend, tower, TinyReference.pixels(1));
    float[] features = results.get(tower.features());
    assertThat(Arrays.copyOf(features, 4))
        .containsExactly(f(-0.9469765, 2.7116277, 1.6628573, 0.7840130), within((float) TOLERANCE));
    assertThat(Arrays.copyOfRange(features, 32, 36))
        .containsExactly(f(0.4292298, -0.7788982, 0.6786926, 1.4258256), within((float) TOLERANCE));
    assertThat(absSum(features)).isCloseTo(495.7562, within(1e-3));
    float[] projected = results.get(tower.projected());
    assertThat(Arrays.copyOfRange(projected, TinyReference.HIDDEN, TinyReference.HIDDEN + 4))
        .containsExactly(f(-0.0537237, 0.0875425, 0.2922068, -0.6921217), within((float) TOLERANCE));
    assertThat(absSum(Arrays.copyOfRange(projected, TinyReference.HIDDEN, projected.length)))
        .isCloseTo(240.8024, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void textOnly(String name) {
    Decoder decoder = Decoder.of(TinyReference.config(false).decoder(), tensors::get, Output.ALL);
    int[] ids = {1, 5, 9, 13, 17, 21};
    Batch batch = new Batch(ids, new int[6], IntStream.range(0, 6).toArray(), IntStream.range(0, 6).toArray());
    try (Backend backend = Backends.open(name, 2);
        Compiled compiled = backend.compile(decoder.program(), new Limits(6, 1, 6))) {
      Map<Buffer, float[]> results = compiled.run(batch, Map.of(decoder.embeddings(), new float[6 * 48]));
      float[] logits = results.get(decoder.logits());
      assertThat(Arrays.copyOf(logits, 4))
          .containsExactly(f(-1.5776217, 0.3377571, 0.5146340, 0.0644753), within((float) TOLERANCE));
      assertThat(Arrays.copyOfRange(logits, 5 * 64, 5 * 64 + 6)).containsExactly(
          f(-0.9400215, -0.1133694, 0.9041482, -0.6647602, -0.9663126, -0.2158098), within((float) TOLERANCE));
      assertThat(IntStream.range(0, 6).map(row -> argMax(logits, row)).toArray()).containsExactly(38, 38, 38, 38, 18, 28);
      float[] hidden = results.get(decoder.hiddenStates());
      assertThat(Arrays.copyOfRange(hidden, (5 * 3 + 1) * 48, (5 * 3 + 1) * 48 + 4))
          .containsExactly(f(0.0536492, 0.3496324, -1.6799645, -2.6493967), within((float) TOLERANCE));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picturesOnTheScalarBackend(Case picture) {
    check("scalar", picture);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void picturesOnTheVectorBackend(Case picture) {
    check("vector", picture);
  }

  private void check(String name, Case picture) {
    LlavaConfig config = TinyReference.config(false);
    float[] merged = merge(name, config, picture);
    assertThat(merged).hasSize(picture.tokens() * TinyReference.HIDDEN);
    assertThat(Arrays.copyOfRange(merged, 16 * 48, 16 * 48 + 4))
        .containsExactly(picture.row16(), within((float) TOLERANCE));
    assertThat(absSum(merged)).isCloseTo(picture.absSum(), within(1e-2));
    double weighted = 0;
    for (int i = 0; i < merged.length; i++) {
      weighted += (i / TinyReference.HIDDEN + 1) * (double) merged[i];
    }
    assertThat(weighted).isCloseTo(picture.weightedSum(), within(1e-2));

    Decoder decoder = Decoder.of(config.decoder(), tensors::get, Set.of());
    List<Integer> prompt = TinyReference.prompt(picture.tokens());
    float[] given = new float[prompt.size() * 48];
    System.arraycopy(merged, 0, given, 3 * 48, merged.length);
    try (Backend backend = Backends.open(name, 2);
        Compiled compiled = backend.compile(decoder.program(), new Limits(prompt.size(), 1, prompt.size() + 6))) {
      int[] ids = prompt.stream().mapToInt(Integer::intValue).toArray();
      float[] logits = compiled.run(
          new Batch(ids, new int[ids.length], IntStream.range(0, ids.length).toArray(), new int[] {ids.length - 1}),
          Map.of(decoder.embeddings(), given)).get(decoder.logits());
      assertThat(Arrays.copyOf(logits, 6)).containsExactly(picture.logits(), within((float) TOLERANCE));
      List<Integer> greedy = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        greedy.add(argMax(logits, 0));
        Batch next = new Batch(new int[] {greedy.getLast()}, new int[1], new int[] {ids.length + i}, new int[] {0});
        logits = compiled.run(next, Map.of(decoder.embeddings(), given)).get(decoder.logits());
      }
      assertThat(greedy).isEqualTo(picture.greedy());
    }
  }

  private float[] merge(String backend, LlavaConfig config, Case picture) {
    VisionTower tower = VisionTower.of(config, tensors::get);
    float[] pixels = TinyReference.pixels(picture.tiles());
    int tileValues = 3 * TinyReference.IMAGE_SIZE * TinyReference.IMAGE_SIZE;
    float[] projected = new float[picture.tiles() * 16 * TinyReference.HIDDEN];
    for (int tile = 0; tile < picture.tiles(); tile++) {
      float[] one = runTile(backend, tower, Arrays.copyOfRange(pixels, tile * tileValues, (tile + 1) * tileValues))
          .get(tower.projected());
      System.arraycopy(one, 0, projected, tile * one.length, one.length);
    }
    ImagePreprocessing preprocessing = new ImagePreprocessing(
        ImagePreprocessing.Mode.ANYRES, TinyReference.IMAGE_SIZE, TinyReference.IMAGE_SIZE,
        List.of(new ImagePreprocessing.Canvas(112, 112)), ImagePreprocessing.UnpadRounding.ROUND_7,
        ImagePreprocessing.clipMean(), ImagePreprocessing.clipStd());
    Tiles tiles = new Tiles(
        pixels, picture.tiles(), TinyReference.IMAGE_SIZE, picture.gridColumns(), picture.gridRows(), picture.width(),
        picture.height());
    return new TileMerger(config, preprocessing, tensors.get("newline").toFloats()).merge(tiles, projected);
  }

  private static Map<Buffer, float[]> runTile(String name, VisionTower tower, float[] pixels) {
    int rows = tower.rowsPerTile();
    try (Backend backend = Backends.open(name, 2);
        Compiled compiled = backend.compile(tower.program(), new Limits(rows, 1, rows))) {
      return compiled.run(tower.tile(), Map.of(tower.pixels(), pixels));
    }
  }

  private static double absSum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += Math.abs(value);
    }
    return sum;
  }

  private static int argMax(float[] logits, int row) {
    int best = row * 64;
    for (int i = row * 64; i < (row + 1) * 64; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best % 64;
  }
}
