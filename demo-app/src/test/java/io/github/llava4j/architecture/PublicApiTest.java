package io.github.llava4j.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A new public type is a decision: to promise it to users, which is a line in api.txt, or not to, which is a mark. */
class PublicApiTest {

  @Test
  void everyPublicTypeIsPromisedOrMarkedInternal() throws IOException {
    assertThat(PublicApi.names(ArchitectureTest.OURS, ArchitectureTest.ROOT))
        .as("public types without @Internal; those promised to users are in api.txt")
        .isEqualTo(promised());
  }

  @Test
  void aTypeThatNobodyDecidedOnIsNoticed() {
    assertThat(PublicApi.names(ArchitectureTest.VIOLATORS, ArchitectureTest.FIXTURES))
        .contains("fixture.engine.Undecided")
        .doesNotContain("fixture.engine.Hidden", "fixture.variant.HiddenByItsPackage", "fixture.engine.NotPublic");
  }

  private static List<String> promised() throws IOException {
    try (InputStream list = PublicApiTest.class.getResourceAsStream("api.txt")) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
