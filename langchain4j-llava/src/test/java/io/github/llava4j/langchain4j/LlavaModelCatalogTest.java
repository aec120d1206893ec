package io.github.llava4j.langchain4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.AbstractModelCatalogIT;
import dev.langchain4j.model.catalog.ModelCatalog;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import io.github.llava4j.testing.GoldenFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaModelCatalogTest extends AbstractModelCatalogIT {

  private static final String LANGUAGE = "text-q8_0.gguf";
  private static final String VISION = "mmproj-model-f32.gguf";
  private static final Path VICUNA = GoldenFiles.path("next-vicuna");

  @Override
  protected ModelCatalog createModelCatalog() {
    return LlavaModelCatalog.of(VICUNA);
  }

  @Override
  protected ModelProvider expectedProvider() {
    return ModelProvider.OTHER;
  }

  @Test
  void namesWhatABuilderTakes() {
    List<ModelDescription> models = createModelCatalog().listModels();
    assertThat(models).extracting(ModelDescription::name).containsExactly("model", "model-original-llava-format");
    for (ModelDescription model : models) {
      try (LlavaChatModel opened = LlavaChatModel.builder().modelPath(VICUNA.resolve(model.name())).threads(1).build()) {
        assertThat(model.maxInputTokens()).isEqualTo(2048);
        assertThat(opened.chat("Hi")).isNotNull();
      }
    }
  }

  @Test
  void describesThem(@TempDir Path folder) throws IOException {
    Path model = copy(VICUNA.resolve("model"), folder.resolve("my-llava"));
    ModelDescription described = LlavaModelCatalog.of(folder).listModels().getFirst();
    assertThat(described.name()).isEqualTo("my-llava");
    assertThat(described.displayName()).isEqualTo("my-llava");
    assertThat(described.type()).isEqualTo(ModelType.CHAT);
    assertThat(described.description()).isEqualTo("LLaVA, safetensors, 3 layers, hidden size 64, vision tower of 28 pixels");
    assertThat(described.createdAt()).isEqualTo(Files.getLastModifiedTime(model.resolve("model.safetensors")).toInstant());
    assertThat(LlavaModelCatalog.of(model).listModels()).extracting(ModelDescription::name).containsExactly(".");
  }

  @Test
  void findsGgufFilesWithTheirMmproj(@TempDir Path folder) throws IOException {
    Path gguf = Files.createDirectories(folder.resolve("llava"));
    for (String name : List.of(LANGUAGE, VISION)) {
      Files.copy(VICUNA.resolve("gguf").resolve(name), gguf.resolve(name));
      Files.copy(VICUNA.resolve("gguf").resolve(name), folder.resolve(name));
    }
    Path alone = Files.createDirectories(folder.resolve("alone"));
    Files.copy(VICUNA.resolve("gguf").resolve(LANGUAGE), alone.resolve(LANGUAGE));
    LlavaModelCatalog catalog = LlavaModelCatalog.of(folder);
    assertThat(catalog.listModels()).extracting(ModelDescription::name).containsExactly(LANGUAGE, "llava/" + LANGUAGE);
    assertThat(catalog.listModels()).extracting(ModelDescription::displayName).containsOnly(LANGUAGE.replace(".gguf", ""));
    assertThat(catalog.skipped()).containsOnlyKeys("alone/" + LANGUAGE)
        .allSatisfy((name, reason) -> assertThat(reason).contains("mmproj"));
  }

  @Test
  void leavesOutWhatIsBrokenAndSaysWhy(@TempDir Path folder) throws IOException {
    copy(VICUNA.resolve("model"), folder.resolve("good"));
    Path half = copy(VICUNA.resolve("model"), folder.resolve("half"));
    byte[] weights = Files.readAllBytes(half.resolve("model.safetensors"));
    Files.write(half.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length / 2));
    Path without = copy(VICUNA.resolve("model"), folder.resolve("without-weights"));
    Files.delete(without.resolve("model.safetensors"));
    Files.write(folder.resolve("broken.gguf"), "GGUF, but not for long".getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(folder.resolve("pictures"));
    Files.writeString(folder.resolve("pictures/notes.txt"), "nothing to see");
    copy(VICUNA.resolve("model"), folder.resolve(".hidden"));

    LlavaModelCatalog catalog = LlavaModelCatalog.of(folder);
    assertThat(catalog.listModels()).extracting(ModelDescription::name).containsExactly("good");
    assertThat(catalog.skipped()).containsOnlyKeys("broken.gguf", "half", "without-weights")
        .allSatisfy((name, reason) -> assertThat(reason).contains(name));
  }

  @Test
  void saysThatThereIsNoSuchFolder(@TempDir Path folder) {
    LlavaModelCatalog catalog = LlavaModelCatalog.of(folder.resolve("nowhere"));
    assertThatThrownBy(catalog::listModels).isInstanceOf(ModelNotFoundException.class).hasMessageContaining("no such folder");
    assertThat(LlavaModelCatalog.of(folder).listModels()).isEmpty();
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }
}
