package io.github.llava4j.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.llava4j.PromptTooLargeException;
import io.github.llava4j.image.EncodedPicture;
import io.github.llava4j.image.ImageInput;
import io.github.llava4j.image.Picture;
import io.github.llava4j.image.Tiles;
import io.github.llava4j.model.LlavaModel;

/**
 * From a request to its prompt, on the caller's thread: measured first, which costs nothing, then, with a ticket, made.
 * Thread-safe.
 */
final class Preparation {

  /** A picture that was decoded and cut into tiles: the identity of its pixels, and the tiles. */
  record Seen(String pixelHash, Tiles tiles) {

    long bytes() {
      return (long) tiles.pixels().length * Float.BYTES;
    }
  }

  private final LlavaModel model;
  private final EngineLimits limits;
  private final int context;
  private final BudgetCache<PictureKey, float[]> embeddings;
  private final BudgetCache<PictureKey, Seen> tiles;
  private final PixelGate gate;

  /** @param embeddings of pictures seen before, by the hash of their pixels */
  Preparation(LlavaModel model, EngineLimits limits, int context, BudgetCache<PictureKey, float[]> embeddings) {
    this.model = model;
    this.limits = limits;
    this.context = context;
    this.embeddings = embeddings;
    this.tiles = new BudgetCache<>(limits.tileCacheBytes(), Seen::bytes);
    this.gate = new PixelGate(limits.decodePixels());
  }

  /**
   * Checks a request's size, by its texts' lengths and its pictures' headers alone.
   *
   * @return how many bytes its tiles take
   * @throws PromptTooLargeException if it exceeds a limit, or cannot fit into the context
   */
  long measure(GenerationRequest request) {
    if (request.pictures().size() > limits.maxImages()) {
      throw new PromptTooLargeException("the request has " + request.pictures().size()
          + " pictures, those of earlier turns included, but the limit maxImages is " + limits.maxImages());
    }
    long pixels = 0;
    long positions = 0;
    long bytes = 0;
    for (GenerationRequest.Input input : request.pictures()) {
      ImageInput picture = input.picture();
      pixels += (long) picture.width() * picture.height();
      positions += positions(input);
      bytes += model.tileBytes(picture.width(), picture.height(), input.overviewOnly());
    }
    requirePixels(pixels);
    requireFits(positions + model.leastTokens(request.prompt()), "at least ");
    return bytes;
  }

  /** As {@link #measure(GenerationRequest)}, for the features of a picture. */
  long measure(EmbedRequest request) {
    ImageInput picture = request.picture();
    requirePixels((long) picture.width() * picture.height());
    return model.tileBytes(picture.width(), picture.height(), true);
  }

  private void requirePixels(long pixels) {
    if (pixels > limits.maxRequestPixels()) {
      throw new PromptTooLargeException("the pictures of the request have " + pixels
          + " pixels together, but the limit maxRequestPixels is " + limits.maxRequestPixels());
    }
  }

  private void requireFits(long positions, String precision) {
    if (positions > context) {
      throw new PromptTooLargeException("the prompt needs " + precision + positions
          + " positions, pictures included, but the context has " + context);
    }
  }

  /** How many positions the prompt of {@code request} takes, those of its pictures included. Decodes nothing. */
  int count(GenerationRequest request) {
    return count(model.tokenize(request.prompt()), request.pictures());
  }

  /** @param compact the prompt's ids, one for each picture */
  private int count(int[] compact, List<GenerationRequest.Input> pictures) {
    long count = compact.length;
    for (GenerationRequest.Input input : pictures) {
      count += positions(input) - 1;
    }
    return Math.toIntExact(count);
  }

  /**
   * Tokenises the prompt and makes its pictures' tiles.
   *
   * @throws PromptTooLargeException if it does not fit into the context
   * @throws io.github.llava4j.LlavaException if a picture cannot be decoded, or not in time
   */
  Prompt prepare(GenerationRequest request, Generation generation) {
    int[] compact = model.tokenize(request.prompt());
    int total = count(compact, request.pictures());
    requireFits(total, "");
    int[] tokens = new int[total];
    List<PendingPicture> pictures = new ArrayList<>();
    long imageNanos = 0;
    int position = 0;
    for (int token : compact) {
      if (token >= 0) {
        tokens[position++] = token;
        continue;
      }
      long start = System.nanoTime();
      PendingPicture picture = picture(request, pictures.size(), position, generation);
      imageNanos += System.nanoTime() - start;
      pictures.add(picture);
      Arrays.fill(tokens, position, position + picture.positions(), -1);
      position += picture.positions();
    }
    return new Prompt(tokens, List.copyOf(pictures), imageNanos / 1e6);
  }

  /**
   * Makes a picture's overview.
   *
   * @throws io.github.llava4j.LlavaException if it cannot be decoded, or not in time
   */
  Glance prepare(EmbedRequest request, Generation generation) {
    var input = new GenerationRequest.Input(request.picture(), true);
    return new Glance(generation, see(input, request.salt(), generation).tiles());
  }

  private PendingPicture picture(GenerationRequest request, int index, int position, Generation generation) {
    GenerationRequest.Input input = request.pictures().get(index);
    Seen seen = see(input, request.salt(), generation);
    var key = new PictureKey(seen.pixelHash(), input.overviewOnly(), request.salt());
    return new PendingPicture(key, position, positions(input), seen.tiles(), request.traced());
  }

  private int positions(GenerationRequest.Input input) {
    return model.imageTokens(input.picture().width(), input.picture().height(), input.overviewOnly());
  }

  private Seen see(GenerationRequest.Input input, String salt, Generation generation) {
    String identity = switch (input.picture()) {
      case Picture picture -> picture.hash();
      case EncodedPicture encoded -> encoded.identity();
    };
    var key = new PictureKey(identity, input.overviewOnly(), salt);
    Seen known = tiles.get(key);
    if (known != null) {
      return known;
    }
    Seen seen = switch (input.picture()) {
      case Picture picture -> tile(picture, input.overviewOnly());
      case EncodedPicture encoded -> gate.pass((long) encoded.width() * encoded.height(), generation,
          () -> tile(encoded.decode(), input.overviewOnly()));
    };
    tiles.put(key, seen);
    return seen;
  }

  private Seen tile(Picture picture, boolean overviewOnly) {
    return new Seen(picture.hash(), model.tile(picture, overviewOnly));
  }

  /** Bytes of tiles kept. */
  long cachedBytes() {
    return tiles.bytes();
  }

  /** Ends those that wait for other pictures to be decoded. */
  void close() {
    gate.close();
  }
}
