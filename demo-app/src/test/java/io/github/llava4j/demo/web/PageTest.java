package io.github.llava4j.demo.web;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a real browser, before a real model. */
class PageTest extends WebServerTest {

  @Test
  void answersTwoQuestionsAboutAPicture() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.see(".options summary").click();
      browser.see("#max-tokens").clear();
      browser.see("#max-tokens").sendKeys("12");
      browser.upload(WebTestModel.IMAGE);
      browser.ask("What is it?");

      String first = browser.answer();
      assertThat(first).isEqualTo(text(question("What is it?", picture())));
      assertThat(browser.see(".turn:last-child .after summary").getText()).contains("token").contains("s");
      assertThat(browser.see(".turn .asked img").getDomProperty("alt"))
          .isEqualTo(WebTestModel.IMAGE.getFileName().toString());
      assertThat(browser.count(".picture button")).as("a picture that was sent cannot be taken back").isZero();

      browser.ask("And now?");

      assertThat(browser.count(".turn")).isEqualTo(2);
      assertThat(browser.answer()).isEqualTo(text(conversation(first)));
      browser.see(".turn:last-child .after summary").click();
      assertThat(browser.see(".turn:last-child .after details").getText()).contains("were known from before");
      assertThat(browser.complaints()).isEmpty();
      browser.photograph(Files.createDirectories(Path.of("target/screenshots")).resolve("page.png"));
    }
  }

  @Test
  void saysWhatAnswersAndOffersExamples() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      JsonNode info = json(get("/api/model"));
      browser.await(page -> page.getTitle().contains(info.get("name").asString()));
      browser.see("#model").click();
      assertThat(browser.see("#about").getText()).contains(info.get("backend").get("description").asString());
      browser.see("#about button").click();

      browser.see(".options summary").click();
      browser.see("#max-tokens").clear();
      browser.see("#max-tokens").sendKeys("2");
      browser.see(".example:has(img)").click();
      assertThat(browser.answer()).isNotNull();
      assertThat(browser.count(".picture")).isEqualTo(1);

      browser.see("#fresh").click();
      assertThat(browser.count(".turn, .picture")).isZero();
      assertThat(browser.see("#welcome").getText()).contains("Ask about a picture.");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static String conversation(String first) throws Exception {
    return MAPPER.writeValueAsString(new ChatBody(
            List.of(
                new ChatBody.Message("user", "What is it?", List.of()),
                new ChatBody.Message("assistant", first, List.of()),
                new ChatBody.Message("user", "And now?", List.of())),
            BigDecimal.valueOf(12), BigDecimal.ZERO, null))
        .replaceFirst("\"images\":\\[]", "\"images\":[" + picture() + "]");
  }

  private String text(String question) throws Exception {
    return json(post("/api/chat", question)).get("text").asString();
  }
}
