package io.github.llava4j.langchain4j;

import java.nio.file.Path;
import java.util.List;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.github.llava4j.engine.EngineOptions;
import io.github.llava4j.engine.LlavaEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LlavaModelBuilderTest {

  @TempDir
  private Path empty;

  @Test
  void aModelClosesTheEngineThatItOpened() {
    LlavaChatModel model = LlavaChatModel.builder()
        .modelPath(Goldens.model(Goldens.VICUNA).toString())
        .backend("scalar")
        .threads(1)
        .contextLength(256)
        .maxOutputTokens(2)
        .build();
    assertThat(model.chat("Hello")).isNotEmpty();
    assertThatThrownBy(() -> model.chat("word ".repeat(300)))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("256");
    model.close();
    assertThatThrownBy(() -> model.chat("Hello"))
        .isExactlyInstanceOf(InternalServerException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aModelLeavesAGivenEngineOpen() {
    try (LlavaEngine engine = Goldens.open(EngineOptions.builder(Goldens.model(Goldens.VICUNA)))) {
      LlavaStreamingChatModel.builder().engine(engine).build().close();
      LlavaChatModel model = LlavaChatModel.builder().engine(engine).maxOutputTokens(2).build();
      model.close();
      assertThat(model.chat("Hello")).isNotEmpty();
    }
  }

  @Test
  void anEngineAndAModelPathExcludeEachOther() {
    LlavaChatModel.Builder both = LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA)).threads(1);
    assertThatThrownBy(both::build).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not both");
  }

  @Test
  void missingFilesAndUnknownBackendsAreSaidAtOnce() {
    LlavaChatModel.Builder missing = LlavaChatModel.builder().modelPath(empty);
    assertThatThrownBy(missing::build)
        .isExactlyInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining(empty.toString());
    LlavaChatModel.Builder unknown =
        LlavaChatModel.builder().modelPath(Goldens.model(Goldens.VICUNA)).backend("quantum");
    assertThatThrownBy(unknown::build)
        .isExactlyInstanceOf(InternalServerException.class)
        .hasMessageContaining("quantum");
  }

  @Test
  void wrongDefaultsAreFoundWhenTheModelIsMade() {
    LlavaChatModel.Builder outOfRange = builder().topP(1.5);
    assertThatThrownBy(outOfRange::build).isExactlyInstanceOf(InvalidRequestException.class);
    LlavaChatModel.Builder none = builder().maxOutputTokens(0);
    assertThatThrownBy(none::build).isExactlyInstanceOf(InvalidRequestException.class);
    LlavaChatModel.Builder other =
        builder().defaultRequestParameters(ChatRequestParameters.builder().modelName("other").build());
    assertThatThrownBy(other::build).isExactlyInstanceOf(UnsupportedFeatureException.class);
  }

  @Test
  void aSettingThatIsNullIsNotSet() {
    LlavaChatModel model = builder()
        .modelPath((String) null).mmprojPath((String) null).backend(null).threads(null).contextLength(null)
        .imageLoader(null).imageDirectories((List<Path>) null).lowDetail(null).listeners(null)
        .defaultRequestParameters(null).stopSequences(null).maxOutputTokens(2)
        .build();
    assertThat(model.listeners()).isEmpty();
    assertThat(model.chat("Hello")).isNotEmpty();
  }

  @Test
  void singleSettingsComeBeforeDefaultParameters() {
    LlavaChatRequestParameters defaults = LlavaChatRequestParameters.builder()
        .temperature(0.1).topK(3).minP(0.2).stopSequences(List.of("a")).seed(5L).build();
    LlavaChatRequestParameters merged = builder()
        .defaultRequestParameters(defaults)
        .temperature(0.5)
        .repetitionPenalty(1.1)
        .frequencyPenalty(0.2)
        .presencePenalty(0.3)
        .stopSequences(List.of("b"))
        .seed(6L)
        .build()
        .defaultRequestParameters();
    assertThat(merged).isEqualTo(LlavaChatRequestParameters.builder()
        .modelName(Goldens.engine(Goldens.VICUNA).model().name())
        .temperature(0.5)
        .topK(3)
        .minP(0.2)
        .repetitionPenalty(1.1)
        .frequencyPenalty(0.2)
        .presencePenalty(0.3)
        .stopSequences(List.of("b"))
        .seed(6L)
        .build());
  }

  private static LlavaChatModel.Builder builder() {
    return LlavaChatModel.builder().engine(Goldens.engine(Goldens.VICUNA));
  }
}
