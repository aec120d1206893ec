package io.github.llava4j.demo.tools.fidelity;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came out, as a Markdown page.
 *
 * @param devices what each backend says of itself, by its name
 * @param jpegs how far the JPEG decoder is from the reference's
 */
public record FidelityReport(Map<String, String> devices, List<Measured> results, List<Jpeg> jpegs) {

  /**
   * A JPEG picture against the reference's decoder.
   *
   * @param largest difference of a channel, of 255 levels
   * @param different fraction of the values that differ at all
   */
  record Jpeg(String name, int largest, double different) {}

  /** Whether every number is within its tolerance and every sequence of ids is the reference's. */
  public boolean passed() {
    return results.stream().allMatch(Measured::withinTolerance);
  }

  /** The page. */
  public String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("""
        # Fidelity

        How far llava4j is from Hugging Face transformers (v5.12.1, float32, CPU): the largest absolute difference of any
        value at each stage, over all runs of a case. Anyone can make this page:

            java --add-modules jdk.incubator.vector -jar demo-app/target/demo-app.jar fidelity --out docs/fidelity.md

        It was made on Java %s with these backends:

        %s

        Input and greedy ids must be equal; the tolerances of the other columns are

        %s

        For comparison: logits have a standard deviation of 8 to 10 here; two versions of transformers differ by 1.5e-4
        in them, float32 and float64 by 9e-5.

        * A dash: there is no reference for this stage of these weights.
        * Weights: the dequantised values that the references list.
        * Pixels: from the decoded pictures, so that JPEG decoders stay out of it; they have a table of their own below.
        * "mmproj exported": llama.cpp's converter made no vision part of this case; it is the one of the safetensors
          file, which this command writes as GGUF.
        * The original LLaVA's and Paddle's checkpoints run the prompts of which both families make the same; they read
          the sizes of very small pictures the other way round, which the reference does not have.

        """.formatted(Runtime.version().feature(), deviceList(), tolerances()));
    page.append("| case | container | backend | input ids |");
    for (Stage stage : Stage.values()) {
      page.append(' ').append(stage.title()).append(" |");
    }
    page.append(" greedy ids |\n|---|---|---|---|").append("---|".repeat(Stage.values().length)).append("---|\n");
    results.forEach(result -> page.append(row(result)));
    page.append(jpegTable());
    return page.toString();
  }

  private String deviceList() {
    return devices.entrySet().stream()
        .map(entry -> "* " + entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String tolerances() {
    return List.of(Stage.values()).stream()
        .map(stage -> "* " + stage.title() + ": " + (stage.tolerance() == 0 ? "exact" : number(stage.tolerance())))
        .collect(Collectors.joining("\n"));
  }

  private static String row(Measured result) {
    StringBuilder row = new StringBuilder("| %s | %s | %s | %s |".formatted(
        result.subject().name(), result.subject().container(), result.backend(),
        share(result.sameInputIds(), result.runs())));
    for (Stage stage : Stage.values()) {
      Optional<Double> difference = result.largest(stage);
      String text = difference.map(FidelityReport::number).orElse("–");
      boolean tooFar = difference.isPresent() && difference.get() > stage.tolerance();
      row.append(' ').append(tooFar ? "**" + text + "**" : text).append(" |");
    }
    return row.append(' ').append(share(result.sameGreedyIds(), result.runs())).append(" |\n").toString();
  }

  private static String share(int same, int all) {
    String text = same + " of " + all;
    return same == all ? text : "**" + text + "**";
  }

  private String jpegTable() {
    if (jpegs.isEmpty()) {
      return "";
    }
    StringBuilder table = new StringBuilder("""

        ## JPEG decoding

        Our decoder against Pillow's (libjpeg-turbo), in levels of 0 to 255.

        | picture | largest difference | values that differ |
        |---|---|---|
        """);
    jpegs.forEach(jpeg -> table.append(String.format(
        Locale.ROOT, "| %s | %d | %.2f %% |%n", jpeg.name(), jpeg.largest(), 100 * jpeg.different())));
    return table.toString();
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-").replace("Infinity", "shape");
  }
}
