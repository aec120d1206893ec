package io.github.llava4j.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** llama.cpp's tensor names and ours. */
public final class GgufNames {

  private static final Map<String, String> WHOLE =
      Map.ofEntries(
          Map.entry("token_embd.weight", "llm.embed"),
          Map.entry("output_norm.weight", "llm.norm"),
          Map.entry("output.weight", "llm.head"),
          Map.entry("model.image_newline", "newline"),
          Map.entry("v.image_newline", "newline"),
          Map.entry("v.class_embd", "vit.cls"),
          Map.entry("v.patch_embd.weight", "vit.patch"),
          Map.entry("v.position_embd.weight", "vit.pos"),
          Map.entry("v.pre_ln.weight", "vit.pre_ln.w"),
          Map.entry("v.pre_ln.bias", "vit.pre_ln.b"),
          Map.entry("v.post_ln.weight", "vit.post_ln.w"),
          Map.entry("v.post_ln.bias", "vit.post_ln.b"));

  private static final Map<String, String> DECODER =
      Map.of(
          "attn_norm", "attn_norm", "attn_q", "q", "attn_k", "k", "attn_v", "v", "attn_output", "o", "ffn_norm",
          "ffn_norm", "ffn_gate", "gate", "ffn_up", "up", "ffn_down", "down");

  private static final Map<String, String> VISION =
      Map.of(
          "ln1", "ln1", "ln2", "ln2", "attn_q", "q", "attn_k", "k", "attn_v", "v", "attn_out", "o", "ffn_up", "fc1",
          "ffn_down", "fc2");

  private static final Pattern DECODER_BLOCK = Pattern.compile("blk\\.(0|[1-9]\\d{0,3})\\.(\\w+)\\.weight");
  private static final Pattern VISION_BLOCK = Pattern.compile("v\\.blk\\.(0|[1-9]\\d{0,3})\\.(\\w+)\\.(weight|bias)");
  private static final Pattern PROJECTOR = Pattern.compile("mm\\.([02468])\\.(weight|bias)");

  private static final Pattern OUR_BLOCK = Pattern.compile("(llm|vit)\\.blk\\.(\\d+)\\.(\\w+)(?:\\.([wb]))?");
  private static final Pattern OUR_PROJECTOR = Pattern.compile("proj\\.(\\d)\\.([wb])");

  private GgufNames() {}

  /**
   * Our name of the tensor that llama.cpp calls {@code name}. The two halves of a vision block's feed-forward network
   * are named as current converters do it; see {@link GgufSource} for older files.
   */
  static Optional<String> canonical(String name) {
    Matcher block = DECODER_BLOCK.matcher(name);
    if (block.matches()) {
      return Optional.ofNullable(DECODER.get(block.group(2))).map(part -> "llm.blk." + block.group(1) + "." + part);
    }
    Matcher vision = VISION_BLOCK.matcher(name);
    if (vision.matches()) {
      return Optional.ofNullable(VISION.get(vision.group(2)))
          .map(part -> "vit.blk." + vision.group(1) + "." + part + "." + vision.group(3).charAt(0));
    }
    Matcher projector = PROJECTOR.matcher(name);
    if (projector.matches()) {
      return Optional.of("proj." + projector.group(1) + "." + projector.group(2).charAt(0));
    }
    return Optional.ofNullable(WHOLE.get(name));
  }

  /**
   * llama.cpp's current name of the tensor that we call {@code canonical}, for writing files.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  public static String gguf(String canonical) {
    Matcher block = OUR_BLOCK.matcher(canonical);
    if (block.matches()) {
      boolean vision = block.group(1).equals("vit");
      String part = key(vision ? VISION : DECODER, block.group(3));
      return (vision ? "v.blk." : "blk.") + block.group(2) + "." + part + suffix(block.group(4));
    }
    Matcher projector = OUR_PROJECTOR.matcher(canonical);
    if (projector.matches()) {
      return "mm." + projector.group(1) + suffix(projector.group(2));
    }
    return canonical.equals("newline") ? "model.image_newline" : key(WHOLE, canonical);
  }

  private static String suffix(String letter) {
    return "b".equals(letter) ? ".bias" : ".weight";
  }

  private static String key(Map<String, String> names, String value) {
    return names.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no tensor " + value));
  }
}
