package io.github.llava4j.demo.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole way to an answer that a person can check: llava-mini over HTTP and on the page. */
@TestPropertySource(properties = "langchain4j.llava.model-path=mini")
class MiniPageTest extends WebServerTest {

  /** A red circle. */
  private static final Path CIRCLE = Path.of("../docs/pictures/circle.png").toAbsolutePath().normalize();

  @Test
  void answersOverHttp() throws Exception {
    String picture = "\"" + address("image/png", Files.readAllBytes(CIRCLE)) + "\"";

    assertThat(json(post("/api/chat", question("What color is the circle?", picture))).get("text").asString())
        .isEqualTo("red");
    List<Event> events = events(post("/api/chat/stream", question("Which shape is in the picture?", picture)).body());
    assertThat(events.getLast().data().get("text").asString()).isEqualTo("circle");
  }

  @Test
  void answersOnThePageAndKnowsThePictureInTheSecondTurn() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.upload(CIRCLE);
      browser.ask("What color is the circle?");
      assertThat(browser.answer()).isEqualTo("red");

      browser.ask("Which shape is it?");
      assertThat(browser.answer()).isEqualTo("circle");

      browser.see("#fresh").click();
      browser.ask("Draw a blue square.");
      assertThat(browser.see(".drawing pre").getText()).contains("<rect ", "fill=\"blue\"");
      assertThat(browser.complaints()).isEmpty();
      browser.photograph(Files.createDirectories(Path.of("target/screenshots")).resolve("mini.png"));
    }
  }

  @ParameterizedTest
  @CsvSource({"two shapes, left", "a star, '{\"shape\":\"star\",\"color\":\"purple\"}'", "an invoice, 238", "an error, 404"})
  void isRightAboutTheExamplesOfThePage(String example, String answer) throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.see(".example[title='" + example + "']").click();

      assertThat(browser.answer()).isEqualTo(answer);
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
