package io.github.llava4j.spring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;

import static org.assertj.core.api.Assertions.assertThat;

/** What IDEs and Spring Boot read of us; javac does not write it unless it is told where the processors are. */
class MetadataTest {

  @Test
  void everyPropertyHasATypeAndADescription() throws IOException {
    Path metadata = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
    JsonNode properties = new ObjectMapper().readTree(metadata.toFile()).get("properties");
    assertThat(StreamSupport.stream(properties.spliterator(), false)).hasSizeGreaterThan(35).allSatisfy(property -> {
      assertThat(property.path("name").asText()).startsWith("langchain4j.llava.");
      assertThat(property.path("type").asText()).isNotEmpty();
      assertThat(property.path("description").asText()).as(property.path("name").toString()).endsWith(".");
    });
  }

  @Test
  void theAutoConfigurationIsAnnounced() {
    assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates())
        .contains(LlavaAutoConfiguration.class.getName());
  }
}
