package io.github.llava4j.demo.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.llava4j.engine.GenerationRequest;
import io.github.llava4j.engine.Sampling;
import io.github.llava4j.image.ImageLoader;
import io.github.llava4j.image.ImageSource;
import io.github.llava4j.model.LlavaModel;
import io.github.llava4j.text.PromptPart;
import io.github.llava4j.text.Turn;
import io.github.llava4j.text.Turn.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request as a person writes it.
 *
 * @param images files, in the order of the prompt
 * @param prompt what the user says, to be put into the model's template after the pictures; or null
 * @param rawPrompt in place of {@code prompt} the whole prompt, with marks for the pictures
 * @param timeout how long the answer may take; null for as long as it needs
 */
record Question(
    List<Path> images,
    @Nullable String prompt,
    @Nullable String rawPrompt,
    Sampling sampling,
    int maxTokens,
    List<String> stop,
    Detail detail,
    @Nullable Duration timeout) {

  /** The request, its pictures' files read, and how many milliseconds reading them took. */
  record Prepared(GenerationRequest request, double imageMs) {}

  Prepared prepare(LlavaModel model, boolean traced) {
    long start = System.nanoTime();
    List<GenerationRequest.Input> pictures = images.stream()
        .map(file -> ImageLoader.DEFAULT.open(new ImageSource.File(file)))
        .map(picture -> new GenerationRequest.Input(picture, detail.overviewOnly()))
        .toList();
    double imageMs = (System.nanoTime() - start) / 1e6;
    GenerationRequest request =
        new GenerationRequest(
            parts(model), pictures, sampling, maxTokens, stops(model), traced, timeout, null, null, -1);
    return new Prepared(request, imageMs);
  }

  private List<PromptPart> parts(LlavaModel model) {
    if (rawPrompt != null) {
      return model.tokenizer().parse(rawPrompt);
    }
    List<Content> contents = new ArrayList<>(Collections.nCopies(images.size(), new Content.Image()));
    contents.add(new Content.Text(prompt));
    return model.template().render(List.of(new Turn(Turn.Role.USER, contents)));
  }

  private List<String> stops(LlavaModel model) {
    List<String> all = new ArrayList<>(stop);
    if (rawPrompt == null) {
      all.addAll(model.template().stopStrings());
    }
    return all;
  }
}
