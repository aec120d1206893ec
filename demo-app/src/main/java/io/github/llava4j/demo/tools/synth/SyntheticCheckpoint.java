package io.github.llava4j.demo.tools.synth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.llava4j.checkpoint.GgufWriter;
import io.github.llava4j.config.LlavaConfig;
import io.github.llava4j.config.TensorCatalog;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.kernels.tensor.DType;

/**
 * A checkpoint of a real model's dimensions with random weights of about a trained model's size: norms near 1, all else
 * around 0 such that a layer's output is as large as its input.
 *
 * @param type of the language model's matrices: F16, Q8_0 or Q4_0
 * @param seed the same seed gives the same files
 */
public record SyntheticCheckpoint(ModelShape shape, DType type, long seed) {

  /** A whole number of blocks of every type; what one thread fills at a time. */
  private static final int SLICE_BYTES = 34 * 18 * 1024;
  private static final int SLICES = 64;
  private static final double SMALL = 0.02;

  /** Bytes that the tensors of both files will take together; the rest of the files is small. */
  public long bytes() {
    LlavaConfig config = shape.config();
    Map<String, int[]> vision = TensorCatalog.vision(config.vision());
    vision.putAll(TensorCatalog.projector(config));
    return GgufModelFiles.bytes(TensorCatalog.decoder(config.decoder()), this::decoderType)
        + GgufModelFiles.bytes(vision, SyntheticCheckpoint::visionType);
  }

  /**
   * Writes the two files.
   *
   * @param progress gets the bytes written so far and the number that there will be
   * @return the language model's file and the other one
   */
  public List<Path> write(Path folder, BiConsumer<Long, Long> progress) throws IOException {
    Files.createDirectories(folder);
    LlavaConfig config = shape.config();
    Path decoder = folder.resolve("%s-%s.gguf".formatted(shape.name(), type.name().toLowerCase(Locale.ROOT)));
    Path vision = folder.resolve("mmproj-%s-f16.gguf".formatted(shape.name()));
    Generator generator = new Generator(bytes(), progress);
    GgufModelFiles.writeDecoder(
        decoder, shape.name(), config.decoder(), SyntheticVocabulary.of(shape.vocabulary()), this::decoderType,
        generator::write);
    GgufModelFiles.writeVision(vision, config, pictures(), SyntheticCheckpoint::visionType, generator::write);
    return List.of(decoder, vision);
  }

  private DType decoderType(String name, int[] tensor) {
    return tensor.length == 1 ? DType.F32 : type;
  }

  private static DType visionType(String name, int[] tensor) {
    return tensor.length == 1 ? DType.F32 : DType.F16;
  }

  private ImagePreprocessing pictures() {
    int tile = shape.vision().imageSize();
    List<Canvas> pinpoints = Stream.of(new Canvas(1, 2), new Canvas(2, 1), new Canvas(2, 2), new Canvas(3, 1), new Canvas(1, 3))
        .map(canvas -> new Canvas(canvas.width() * tile, canvas.height() * tile))
        .toList();
    return new ImagePreprocessing(
        shape.anyRes() ? ImagePreprocessing.Mode.ANYRES : ImagePreprocessing.Mode.PAD, tile, tile,
        shape.anyRes() ? pinpoints : List.of(), ImagePreprocessing.UnpadRounding.ROUND_7,
        ImagePreprocessing.clipMean(), ImagePreprocessing.clipStd());
  }

  /** Random data, made by all cores slice by slice and written in order. */
  private final class Generator {

    private final ByteBuffer batch =
        ByteBuffer.allocateDirect(SLICES * SLICE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long total;
    private final BiConsumer<Long, Long> progress;
    private long written;

    Generator(long total, BiConsumer<Long, Long> progress) {
      this.total = total;
      this.progress = progress;
    }

    void write(String name, DType tensorType, int[] tensor, GgufWriter out) throws IOException {
      RandomWeights weights = weights(name, tensorType, tensor);
      long bytes = tensorType.bytes(GgufModelFiles.count(tensor));
      long stream = seed * 31 + name.hashCode();
      for (long done = 0; done < bytes; done += batch.limit()) {
        batch.clear().limit((int) Math.min(batch.capacity(), bytes - done));
        long from = done;
        int slices = (batch.limit() + SLICE_BYTES - 1) / SLICE_BYTES;
        IntStream.range(0, slices).parallel().forEach(i -> {
          int at = i * SLICE_BYTES;
          ByteBuffer slice = batch.slice(at, Math.min(SLICE_BYTES, batch.limit() - at)).order(ByteOrder.LITTLE_ENDIAN);
          weights.fill(slice, new SplittableRandom(stream * 0x9E3779B97F4A7C15L + from + at));
        });
        out.data(batch);
        written += batch.limit();
        progress.accept(written, total);
      }
    }

    private RandomWeights weights(String name, DType tensorType, int[] tensor) {
      if (tensor.length > 1) {
        boolean table = name.equals("llm.embed") || name.equals("vit.pos");
        long inputs = GgufModelFiles.count(tensor) / tensor[0];
        return new RandomWeights(tensorType, 0, table ? SMALL : 1 / Math.sqrt(inputs));
      }
      boolean norm = name.endsWith("norm") || name.endsWith(".w");
      return new RandomWeights(tensorType, norm ? 1 : 0, SMALL);
    }
  }
}
