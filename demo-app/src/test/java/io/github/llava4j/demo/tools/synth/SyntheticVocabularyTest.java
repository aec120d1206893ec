package io.github.llava4j.demo.tools.synth;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SyntheticVocabularyTest {

  @ParameterizedTest
  @ValueSource(ints = {1000, 32_000})
  void hasThatManyDifferentPieces(int size) {
    SyntheticVocabulary vocabulary = SyntheticVocabulary.of(size);

    assertThat(vocabulary.pieces()).hasSize(size).doesNotHaveDuplicates();
    assertThat(vocabulary.scores()).hasSize(size);
    assertThat(vocabulary.types()).hasSize(size);
  }

  @Test
  void startsLikeLlamas() {
    SyntheticVocabulary vocabulary = SyntheticVocabulary.of(1000);

    assertThat(vocabulary.pieces()).startsWith("<unk>", "<s>", "</s>", "<0x00>").contains("<0xFF>", "▁", "a", "▁ba");
    assertThat(vocabulary.types()).startsWith(2, 3, 3, 6).endsWith(1);
  }
}
