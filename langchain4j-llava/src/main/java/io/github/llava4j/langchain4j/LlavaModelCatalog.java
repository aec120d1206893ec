package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.ModelCatalog;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import io.github.llava4j.checkpoint.ModelFolder;
import io.github.llava4j.config.LlavaConfig;

/**
 * The LLaVA models in a folder as LangChain4j's {@link ModelCatalog}: checkpoint folders, and GGUF files with their mmproj
 * beside them, in the folder itself and one level below. Only headers and configurations are read; what cannot be used is
 * left out, and {@link #skipped()} says why. Thread-safe; each call looks again.
 */
public final class LlavaModelCatalog implements ModelCatalog {

  private final Path folder;

  private LlavaModelCatalog(Path folder) {
    this.folder = folder;
  }

  /** The models in {@code folder}, which is looked into by each call. */
  public static LlavaModelCatalog of(Path folder) {
    return new LlavaModelCatalog(folder);
  }

  /**
   * The models, by path. A model's {@code name} is its path below the folder: {@code folder.resolve(name)} is what
   * {@link LlavaModelBuilder#modelPath(Path)} takes ({@code .} is the folder itself). {@code maxInputTokens} is the length of its
   * context, which prompt and answer share; {@code createdAt} is when its weights were changed last.
   *
   * @throws dev.langchain4j.exception.ModelNotFoundException if there is no such folder
   */
  @Override
  public List<ModelDescription> listModels() {
    return look().models().stream().map(this::describe).toList();
  }

  /**
   * What looks like a model and cannot be used, with the reason: by path below the folder.
   *
   * @throws dev.langchain4j.exception.ModelNotFoundException if there is no such folder
   */
  public Map<String, String> skipped() {
    Map<String, String> reasons = new TreeMap<>();
    look().skipped().forEach((path, reason) -> reasons.put(name(path), reason));
    return reasons;
  }

  private ModelFolder look() {
    return LlavaExceptionMapper.INSTANCE.withExceptionMapper(() -> ModelFolder.of(folder));
  }

  private ModelDescription describe(ModelFolder.Found model) {
    LlavaConfig.Decoder decoder = model.config().decoder();
    String container = model.container().name().toLowerCase(Locale.ROOT);
    return ModelDescription.builder()
        .name(name(model.path()))
        .displayName(model.path().toAbsolutePath().normalize().getFileName().toString().replaceFirst("\\.gguf$", ""))
        .description("LLaVA, %s, %d layers, hidden size %d, vision tower of %d pixels".formatted(
            container, decoder.layers(), decoder.hidden(), model.config().vision().imageSize()))
        .provider(provider())
        .type(ModelType.CHAT)
        .maxInputTokens(decoder.maxPositions())
        .createdAt(model.modified())
        .build();
  }

  private String name(Path path) {
    String name = folder.relativize(path).toString().replace('\\', '/');
    return name.isEmpty() ? "." : name;
  }

  /** {@link ModelProvider#OTHER}: LangChain4j's list of providers has no place for LLaVA. */
  @Override
  public ModelProvider provider() {
    return ModelProvider.OTHER;
  }
}
