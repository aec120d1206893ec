package io.github.llava4j.demo.web;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.util.FileSystemUtils;

/** A headless Chromium with the page in it. */
final class Browser implements AutoCloseable {

  /** Only what would otherwise hang for ever ends by this. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");

  private final ChromeDriver driver;
  private final Path profile;

  private Browser(ChromeDriver driver, Path profile) {
    this.driver = driver;
    this.profile = profile;
  }

  /** Opens the page; skips the test, loudly, where there is no browser. */
  static Browser open(String address) throws IOException {
    Optional<File> chromium = BROWSERS.stream().flatMap(Browser::find).findFirst();
    Optional<File> chromedriver = find("chromedriver").findFirst();
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      String reason = "SKIPPED: the page is not tested in a browser, because chromium and chromedriver are not on the"
          + " PATH; on Debian: apt-get install chromium chromium-driver";
      System.err.println(reason);
      Assumptions.abort(reason);
    }
    Path profile = Files.createTempDirectory("llava4j-browser");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions()
        .setBinary(chromium.get())
        .addArguments(
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,900", "--user-data-dir=" + profile);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(chromedriver.get()).usingAnyFreePort().build();
    Browser browser = new Browser(new ChromeDriver(service, options), profile);
    browser.driver.get(address);
    return browser;
  }

  private static Stream<File> find(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute);
  }

  /** Waits for something to be there and to be shown. */
  WebElement see(String selector) {
    return await(page -> page.findElements(By.cssSelector(selector)).stream()
        .filter(WebElement::isDisplayed)
        .findFirst()
        .orElse(null));
  }

  /** How many there are. */
  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** Waits until something is neither null nor false. */
  <T> T await(Function<ChromeDriver, T> condition) {
    return new WebDriverWait(driver, PATIENCE).until(page -> condition.apply(driver));
  }

  /** Chooses a file as a person would with the dialog, which only the browser itself can open. */
  void choose(Path file) {
    driver.findElement(By.id("files")).sendKeys(file.toString());
  }

  /** Chooses a picture and waits until the page shows it. */
  void upload(Path file) {
    int before = count(".picture");
    choose(file);
    await(page -> count(".picture") > before);
  }

  /** Types a question and sends it by the keyboard. */
  void ask(String question) {
    see("#question").sendKeys(question, Keys.ENTER);
  }

  /** The latest answer once it is whole. */
  String answer() {
    see(".turn:last-child .answer[aria-busy='false'] .after");
    return driver.findElement(By.cssSelector(".turn:last-child .answer .text")).getDomProperty("textContent");
  }

  Object run(String script) {
    return driver.executeScript(script);
  }

  /** What the browser complained about: a policy that was broken, an error in a script. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
  }

  /** Writes what can be seen to a file. */
  void photograph(Path file) throws IOException {
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() throws IOException {
    driver.quit();
    FileSystemUtils.deleteRecursively(profile);
  }
}
