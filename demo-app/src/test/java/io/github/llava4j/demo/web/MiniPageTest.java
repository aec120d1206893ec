package io.github.llava4j.demo.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole way to an answer that a person can check: llava-mini over HTTP and on the page. */
class MiniPageTest extends WebServerTest {

  /** A red circle and a blue square. */
  private static final Path SHAPES = Path.of("../docs/pictures/shapes.png").toAbsolutePath().normalize();

  @DynamicPropertySource
  static void mini(DynamicPropertyRegistry registry) {
    registry.add("langchain4j.llava.model-path", () -> "mini");
  }

  @Test
  void answersOverHttp() throws Exception {
    String picture = "\"" + address("image/png", Files.readAllBytes(SHAPES)) + "\"";

    assertThat(json(post("/api/chat", question("What color is the circle?", picture))).get("text").asString())
        .isEqualTo("red");
    List<Event> events = events(post("/api/chat/stream", question("What color is the square?", picture)).body());
    assertThat(events.getLast().data().get("text").asString()).isEqualTo("blue");
  }

  @Test
  void answersOnThePageAndKnowsThePictureInTheSecondTurn() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.upload(SHAPES);
      browser.ask("What color is the circle?");
      assertThat(browser.answer()).isEqualTo("red");

      browser.ask("What color is the square?");
      assertThat(browser.answer()).isEqualTo("blue");

      browser.see("#fresh").click();
      browser.ask("Draw a red circle.");
      assertThat(browser.answer()).contains("<svg");
      assertThat(browser.complaints()).isEmpty();
      browser.photograph(Files.createDirectories(Path.of("target/screenshots")).resolve("mini.png"));
    }
  }
}
