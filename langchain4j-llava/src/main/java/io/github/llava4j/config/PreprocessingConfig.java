package io.github.llava4j.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.llava4j.CheckpointException;
import io.github.llava4j.image.ImagePreprocessing;
import io.github.llava4j.image.ImagePreprocessing.Canvas;
import io.github.llava4j.image.ImagePreprocessing.Mode;
import io.github.llava4j.image.ImagePreprocessing.UnpadRounding;

/**
 * Reads how pictures are prepared from the configuration files of the checkpoint families. What is asked for and not
 * done here is refused by name, for a picture that is prepared in another way than in training gives worse answers
 * without any error.
 *
 * <p>Two families read the same {@code image_grid_pinpoints} differently: Hugging Face as (height, width), the original
 * LLaVA and PaddleMIX as (width, height). This decides which of two equally good canvases a small picture gets.
 */
public final class PreprocessingConfig {

  private static final int BICUBIC = 3;
  private static final double RESCALE = 1.0 / 255;
  private static final double RESCALE_TOLERANCE = 1e-9;
  // LlavaNextImageProcessor's and LlavaNextConfig's default, in tiles.
  private static final int[][] DEFAULT_PINPOINTS = {{1, 2}, {2, 1}, {2, 2}, {3, 1}, {1, 3}};
  private static final Pattern PROCESSOR =
      Pattern.compile("(LlavaNext|Llava|CLIP)(?:ImageProcessor(?:Fast|Pil)?|FeatureExtractor)");
  private static final Pattern PAIR = Pattern.compile("[\\[(]\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*[\\])]");
  private static final Pattern PAIRS =
      Pattern.compile("\\s*[\\[(]\\s*" + PAIR + "(\\s*,\\s*" + PAIR + ")*\\s*,?\\s*[\\])]\\s*");

  private final JsonNode processor;
  private final JsonNode model;
  private final int tileSize;
  private final String file;

  private PreprocessingConfig(JsonNode processor, JsonNode model, int tileSize, String file) {
    this.processor = processor;
    this.model = model;
    this.tileSize = tileSize;
    this.file = file;
  }

  /**
   * A Hugging Face checkpoint: LlavaNextImageProcessor, CLIPImageProcessor or LlavaImageProcessor.
   *
   * @param processor preprocessor_config.json; a missing node if there is none
   * @param model config.json
   * @param imageSize side of the vision tower's input in pixels
   * @param file what to call the configuration in messages
   */
  public static ImagePreprocessing huggingFace(JsonNode processor, JsonNode model, int imageSize, String file) {
    return new PreprocessingConfig(processor, model, imageSize, file).huggingFace();
  }

  /**
   * A checkpoint of the original LLaVA or of PaddleMIX, whose config.json says how pictures are cut.
   *
   * @param processor preprocessor_config.json of the vision tower or of PaddleMIX; a missing node if absent
   * @param model config.json
   * @param imageSize side of the vision tower's input in pixels
   * @param file what to call the configuration in messages
   */
  public static ImagePreprocessing original(JsonNode processor, JsonNode model, int imageSize, String file) {
    return new PreprocessingConfig(processor, model, imageSize, file).original();
  }

  /**
   * Canvas sizes from a flat list, as GGUF files hold them: width, height, width, height ... up to the first zero, because
   * llama.cpp keeps them in 32 places.
   *
   * @param heightFirst whether to read the pairs as (height, width), as Hugging Face does, all the same
   * @throws IllegalArgumentException if the last pair is not whole
   */
  public static List<Canvas> canvases(int[] flat, boolean heightFirst) {
    List<Canvas> canvases = new ArrayList<>();
    for (int i = 0; i < flat.length && flat[i] != 0; i += 2) {
      if (i + 1 == flat.length || flat[i + 1] == 0) {
        throw new IllegalArgumentException("a width without its height: " + flat[i]);
      }
      canvases.add(heightFirst ? new Canvas(flat[i + 1], flat[i]) : new Canvas(flat[i], flat[i + 1]));
    }
    return canvases;
  }

  private ImagePreprocessing huggingFace() {
    requireFullProcessing();
    String type = text("image_processor_type", text("feature_extractor_type", ""));
    Matcher known = PROCESSOR.matcher(type);
    if (!type.isEmpty() && !known.matches()) {
      throw refused("image_processor_type", type, "LlavaNextImageProcessor, LlavaImageProcessor or CLIPImageProcessor");
    }
    boolean next = type.isEmpty()
        ? model.path("model_type").asText().equals("llava_next")
        : known.group(1).equals("LlavaNext");
    if (next) {
      requireTile("size");
      requireTile("crop_size");
      requireSamePinpoints();
      return build(Mode.ANYRES, tileSize, canvases(pinpoints(), true), UnpadRounding.ROUND_7);
    }
    if (flag("do_pad", false) || text("image_aspect_ratio", "").equals("pad")) {
      requireTile("size");
      requireTile("crop_size");
      return build(Mode.PAD, tileSize, List.of(), UnpadRounding.ROUND_7);
    }
    return clip(UnpadRounding.ROUND_7);
  }

  /** CLIPImageProcessor: scale the shorter side and crop, or squash. */
  private ImagePreprocessing clip(UnpadRounding rounding) {
    JsonNode size = processor.path("size");
    boolean cropped = flag("do_center_crop", true);
    if (size.has("height") || size.has("width")) {
      requireTile("size");
      requireTile("crop_size");
      return build(Mode.SQUASH, tileSize, List.of(), rounding);
    }
    if (!cropped) {
      throw refused("do_center_crop", "false", "true, as the vision tower takes squares");
    }
    requireTile("crop_size");
    return build(Mode.CROP, side("size"), List.of(), rounding);
  }

  private ImagePreprocessing original() {
    requireFullProcessing();
    JsonNode stated = model.path("image_aspect_ratio");
    String ratio = stated.isTextual() ? stated.textValue() : text("image_aspect_ratio", "square");
    return switch (ratio) {
      case "anyres" -> {
        String merge = model.path("mm_patch_merge_type").asText("flat");
        if (!merge.equals("spatial_unpad")) {
          throw refused("mm_patch_merge_type", merge, "spatial_unpad");
        }
        yield build(Mode.ANYRES, tileSize, canvases(pinpoints(), false), UnpadRounding.TRUNCATE);
      }
      case "pad" -> build(Mode.PAD, tileSize, List.of(), UnpadRounding.TRUNCATE);
      // Whatever is neither goes through the plain CLIP processor there.
      case "square" -> clip(UnpadRounding.TRUNCATE);
      default -> throw refused("image_aspect_ratio", ratio, "anyres, pad or square");
    };
  }

  private ImagePreprocessing build(Mode mode, int shortestEdge, List<Canvas> canvases, UnpadRounding rounding) {
    try {
      return new ImagePreprocessing(mode, tileSize, shortestEdge, canvases, rounding,
          channels("image_mean", ImagePreprocessing.clipMean()), channels("image_std", ImagePreprocessing.clipStd()));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void requireFullProcessing() {
    for (String key : List.of("do_resize", "do_rescale", "do_normalize")) {
      if (!flag(key, true)) {
        throw refused(key, "false", "true");
      }
    }
    JsonNode resample = processor.path("resample");
    if (isGiven(resample) && !(resample.isInt() && resample.intValue() == BICUBIC)
        && !resample.asText().equalsIgnoreCase("bicubic")) {
      throw refused("resample", resample.toString(), "3 (bicubic)");
    }
    JsonNode factor = processor.path("rescale_factor");
    if (isGiven(factor) && !(factor.isNumber() && Math.abs(factor.doubleValue() - RESCALE) <= RESCALE_TOLERANCE)) {
      throw refused("rescale_factor", factor.toString(), "1/255");
    }
  }

  private static boolean isGiven(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private boolean flag(String key, boolean otherwise) {
    JsonNode node = processor.path(key);
    if (isGiven(node) && !node.isBoolean()) {
      throw refused(key, node.toString(), "true or false");
    }
    return node.asBoolean(otherwise);
  }

  private String text(String key, String otherwise) {
    JsonNode node = processor.path(key);
    if (isGiven(node) && !node.isTextual()) {
      throw refused(key, node.toString(), "a text");
    }
    return isGiven(node) ? node.textValue() : otherwise;
  }

  /** transformers cuts tiles by the processor's list and puts their features together by the model's. */
  private void requireSamePinpoints() {
    JsonNode tiles = processor.path("image_grid_pinpoints");
    JsonNode features = model.path("image_grid_pinpoints");
    if (tiles.isArray() && features.isArray() && !tiles.equals(features)) {
      throw refused("image_grid_pinpoints", tiles.toString(), "the list in config.json, " + features);
    }
  }

  private void requireTile(String key) {
    if (side(key) != tileSize) {
      throw refused(key, processor.path(key).toString(), "%d, the vision tower's input".formatted(tileSize));
    }
  }

  /** A square's side: a number, a shortest edge, or equal height and width. Absent: the vision tower's. */
  private int side(String key) {
    JsonNode node = processor.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return tileSize;
    }
    if (node.has("longest_edge") && !node.path("longest_edge").isNull()) {
      throw refused(key, node.toString(), "no longest_edge");
    }
    JsonNode value = node.has("shortest_edge") ? node.path("shortest_edge") : node.isInt() ? node : node.path("height");
    if (!value.isInt() || value.intValue() < 1 || node.has("width") && node.path("width").asInt() != value.intValue()) {
      throw refused(key, node.toString(), "the side of a square");
    }
    return value.intValue();
  }

  private float[] channels(String key, float[] absent) {
    JsonNode node = processor.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    float[] values = new float[3];
    for (int i = 0; i < values.length; i++) {
      // One number is meant for every channel.
      JsonNode value = node.isNumber() ? node : node.path(i);
      values[i] = value.floatValue();
      if (!value.isNumber() || !Float.isFinite(values[i]) || node.isArray() && node.size() != values.length
          || key.endsWith("std") && values[i] <= 0) {
        throw refused(key, node.toString(), "three numbers" + (key.endsWith("std") ? " above 0" : ""));
      }
    }
    return values;
  }

  /** The pairs one after the other, in the order in which the file has them. */
  private int[] pinpoints() {
    JsonNode node = processor.path("image_grid_pinpoints");
    if (node.isMissingNode() || node.isNull()) {
      node = model.path("image_grid_pinpoints");
    }
    List<Integer> flat = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      for (int[] tiles : DEFAULT_PINPOINTS) {
        flat.addAll(List.of(tiles[0] * tileSize, tiles[1] * tileSize));
      }
    } else if (node.isTextual() && PAIRS.matcher(node.textValue()).matches()) {
      // A Python list in a string, which the original evaluates.
      for (Matcher pair = PAIR.matcher(node.textValue()); pair.find(); ) {
        flat.addAll(List.of(Integer.parseInt(pair.group(1)), Integer.parseInt(pair.group(2))));
      }
    } else if (node.isArray()) {
      for (JsonNode pair : node) {
        if (pair.size() != 2 || !pair.path(0).isInt() || !pair.path(1).isInt()) {
          throw refused("image_grid_pinpoints", node.toString(), "a list of pairs of numbers");
        }
        flat.addAll(List.of(pair.get(0).intValue(), pair.get(1).intValue()));
      }
    } else {
      throw refused("image_grid_pinpoints", node.asText(node.toString()), "a list of pairs such as [[336, 672]]");
    }
    return flat.stream().mapToInt(Integer::intValue).toArray();
  }

  private CheckpointException refused(String key, String value, String expected) {
    return new CheckpointException("%s: %s is %s, expected %s".formatted(file, key, value, expected));
  }
}
