package io.github.llava4j.image;

import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.kernels.Internal;

/** From a picture to normalised tiles, equal to Hugging Face's Pillow image processors. Immutable and thread-safe. */
@Internal
public final class Preprocessor {

  // Python's 1 / 255, by which the processors multiply in double before they go on in float.
  private static final double RESCALE = 1.0 / 255;
  private static final int LEVELS = 256;
  private static final int CHANNELS = 3;

  private final ImagePreprocessing settings;
  // The normalised value of each channel's 256 levels.
  private final float[][] normalised;

  public Preprocessor(ImagePreprocessing settings) {
    this.settings = settings;
    this.normalised = new float[CHANNELS][LEVELS];
    for (int c = 0; c < CHANNELS; c++) {
      for (int level = 0; level < LEVELS; level++) {
        normalised[c][level] = ((float) (level * RESCALE) - settings.mean()[c]) / settings.std()[c];
      }
    }
  }

  /** The tiles that the checkpoint's settings ask for. */
  public Tiles tiles(Picture picture) {
    Pixels pixels = picture.pixels();
    return switch (settings.mode()) {
      case ANYRES -> anyRes(pixels);
      case PAD -> single(pixels, padded(pixels));
      case CROP -> single(pixels, cropped(pixels));
      case SQUASH -> single(pixels, squashed(pixels));
    };
  }

  /** One tile that shows the whole picture: AnyRes without its canvas; the same as {@link #tiles} in other modes. */
  public Tiles overview(Picture picture) {
    return settings.mode() == Mode.ANYRES ? single(picture.pixels(), squashed(picture.pixels())) : tiles(picture);
  }

  private Tiles anyRes(Pixels source) {
    int size = settings.tileSize();
    Canvas canvas = AnyRes.bestCanvas(source.width(), source.height(), settings.pinpoints());
    Canvas scaled = AnyRes.scaledSize(source.width(), source.height(), canvas);
    Pixels page = Pixels.black(canvas.width(), canvas.height());
    page.paste(PillowResizer.resize(source, scaled.width(), scaled.height()),
        (canvas.width() - scaled.width()) / 2, (canvas.height() - scaled.height()) / 2);
    int columns = canvas.width() / size;
    int rows = canvas.height() / size;
    float[] values = new float[(1 + columns * rows) * CHANNELS * size * size];
    normalise(squashed(source), 0, 0, values, 0);
    for (int tile = 0; tile < columns * rows; tile++) {
      normalise(page, tile % columns * size, tile / columns * size, values, tile + 1);
    }
    return new Tiles(values, 1 + columns * rows, size, columns, rows, source.width(), source.height());
  }

  private Tiles single(Pixels source, Pixels tile) {
    int size = settings.tileSize();
    float[] values = new float[CHANNELS * size * size];
    normalise(tile, 0, 0, values, 0);
    return new Tiles(values, 1, size, 0, 0, source.width(), source.height());
  }

  private Pixels squashed(Pixels source) {
    return PillowResizer.resize(source, settings.tileSize(), settings.tileSize());
  }

  /** Original LLaVA's expand2square: centred in a square of the mean colour, then resized. */
  private Pixels padded(Pixels source) {
    int side = Math.max(source.width(), source.height());
    int size = settings.tileSize();
    PillowResizer.Frame frame = new PillowResizer.Frame(
        (side - source.width()) / 2, (side - source.height()) / 2, side, side, meanColor());
    return PillowResizer.resize(source, frame, size, size, new PillowResizer.Window(0, 0, size, size));
  }

  private int[] meanColor() {
    int[] color = new int[CHANNELS];
    for (int c = 0; c < CHANNELS; c++) {
      // Through the decimal text, to get the double that Python read from the configuration.
      color[c] = (int) (Double.parseDouble(Float.toString(settings.mean()[c])) * 255);
    }
    return color;
  }

  /** CLIP: the shorter side scaled, the centre cropped; black where the scaled picture is smaller than the crop. */
  private Pixels cropped(Pixels source) {
    int size = settings.tileSize();
    int edge = settings.shortestEdge();
    int shorter = Math.min(source.width(), source.height());
    long longer = (long) ((double) ((long) edge * Math.max(source.width(), source.height())) / shorter);
    long width = source.width() <= source.height() ? edge : longer;
    long height = source.width() <= source.height() ? longer : edge;
    long left = Math.floorDiv(width - size, 2);
    long top = Math.floorDiv(height - size, 2);
    PillowResizer.Window window = new PillowResizer.Window(Math.max(left, 0), Math.max(top, 0),
        (int) Math.min(width, size), (int) Math.min(height, size));
    Pixels tile = Pixels.black(size, size);
    tile.paste(PillowResizer.resize(source, PillowResizer.Frame.none(source), width, height, window),
        (int) Math.max(-left, 0), (int) Math.max(-top, 0));
    return tile;
  }

  /** Writes the tile whose top left corner is given, channel by channel. */
  private void normalise(Pixels source, int left, int top, float[] values, int tile) {
    int size = settings.tileSize();
    int to = tile * CHANNELS * size * size;
    for (int c = 0; c < CHANNELS; c++) {
      for (int y = 0; y < size; y++) {
        int from = 3 * ((top + y) * source.width() + left) + c;
        for (int x = 0; x < size; x++, from += 3) {
          values[to++] = normalised[c][source.rgb()[from] & 0xFF];
        }
      }
    }
  }
}
