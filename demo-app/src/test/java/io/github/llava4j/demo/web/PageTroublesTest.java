package io.github.llava4j.demo.web;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** The page in a real browser, before a model that draws, fails and does not stop. */
@Import(ScriptedModels.class)
class PageTroublesTest extends WebServerTest {

  @Autowired
  private ScriptedModels.Streaming model;

  @Test
  void aDrawingIsShownAsAPictureThatCanDoNothing() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.ask("draw");

      browser.await(page -> (Boolean) page.executeScript(
          "const image = document.querySelector('.drawing img'); return Boolean(image && image.naturalWidth)"));
      assertThat(browser.see(".drawing pre").getText()).isEqualTo(ScriptedModels.DRAWING);
      assertThat((Long) browser.run("return document.querySelectorAll('.turn svg, .turn script').length")).isZero();
      assertThat((String) browser.run("return document.title")).doesNotContain("broken into");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void escapeStopsAnAnswerAndItsComputation() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.ask("endless");
      browser.await(page -> ((String) browser.run("return document.querySelector('.turn .text').textContent"))
          .startsWith("on and on and "));
      assertThat(browser.count(".answer[aria-busy='true']")).as("words come while the answer goes on").isEqualTo(1);

      browser.see("#question").sendKeys(Keys.ESCAPE);

      assertThat(browser.answer()).startsWith("on and ");
      assertThat(browser.see(".turn .after").getText()).contains("Stopped");
      model.cancelled.acquire();
      browser.ask("hello");
      assertThat(browser.answer()).isEqualTo("yes");
    }
  }

  @Test
  void whatGoesWrongIsSaidAndCanBeTriedAgain() throws Exception {
    try (Browser browser = Browser.open(address("/"))) {
      browser.ask("busy");
      assertThat(browser.see(".turn .trouble[role='alert']").getText())
          .contains("Busy", "The engine is busy: 64 requests wait already.");
      browser.see(".turn .trouble button").click();
      browser.see(".turn .trouble");

      browser.ask("late");
      assertThat(browser.see(".turn:last-child .trouble").getText()).contains("The engine is closed.");
      assertThat(browser.see(".turn:last-child .text").getText()).isEqualTo("begun");
    }
  }

  @Test
  void aFileThatIsNoPictureIsToldBeforeItIsSent(@TempDir Path folder) throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "no picture");
    try (Browser browser = Browser.open(address("/"))) {
      browser.run("document.getElementById('files').removeAttribute('accept')");
      browser.choose(text);

      assertThat(browser.see("#notices .trouble").getText()).contains("notes.txt is none of PNG");
      assertThat(browser.count(".picture")).isZero();
      browser.upload(WebTestModel.IMAGE);
      browser.see(".picture button").click();
      assertThat(browser.count(".picture")).isZero();
    }
  }
}
