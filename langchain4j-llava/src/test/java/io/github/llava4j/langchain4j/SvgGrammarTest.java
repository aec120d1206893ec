package io.github.llava4j.langchain4j;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.github.llava4j.constraint.grammar.GrammarOracle;
import io.github.llava4j.constraint.grammar.GrammarSampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SvgGrammarTest {

  private static final String START = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"200\">";
  private static final String CIRCLE = "<circle r=\"1\"/>";
  private static final GrammarOracle ORACLE = new GrammarOracle(SvgGrammar.any());

  /** All drawings of llava-mini's training: one shape, or two beside or above each other. */
  static Stream<String> drawingsOfMini() {
    List<String> colours = List.of("red", "green", "blue", "yellow", "orange", "purple", "black", "gray", "brown", "pink");
    return Stream.of(
            "<circle cx=\"50\" cy=\"150\" r=\"30\" fill=\"%s\"/>",
            "<rect x=\"20\" y=\"120\" width=\"60\" height=\"60\" fill=\"%s\"/>",
            "<rect x=\"10\" y=\"130\" width=\"80\" height=\"40\" fill=\"%s\"/>",
            "<polygon points=\"50,120 80,180 20,180\" fill=\"%s\"/>",
            "<polygon points=\"50,120 80,150 50,180 20,150\" fill=\"%s\"/>")
        .flatMap(shape -> colours.stream().map(shape::formatted))
        .flatMap(shape -> Stream.of(START + shape + "</svg>", START + shape + shape + "</svg>"));
  }

  @ParameterizedTest
  @MethodSource("drawingsOfMini")
  void hasWhatMiniDraws(String svg) {
    assertThat(ORACLE.isWord(svg)).isTrue();
  }

  /** Drawings as larger models know them from texts. */
  @ParameterizedTest
  @ValueSource(strings = {
    "<svg width=\"100\" height=\"100\" viewBox=\"0 0 100 100\" xmlns=\"http://www.w3.org/2000/svg\">\n"
        + "  <circle cx=\"50\" cy=\"50\" r=\"40\" stroke=\"black\" stroke-width=\"3\" fill=\"red\" />\n</svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"2000\"><title>Über 😀</title>"
        + "<path d=\"M 10 10 L20,20 h -5.5 C 1 2, 3 4, 5 6 A 1,1 0 0 1 9 9 Z\" fill=\"none\" stroke=\"#0aF\"/></svg>",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><defs><linearGradient id=\"a\" x1=\"0%\" x2=\"100%\">"
        + "<stop offset=\"0%\" stop-color=\"rgb(0, 255,9)\"/><stop offset=\"1\" stop-color=\"#123456\" stop-opacity=\"0.5\"/>"
        + "</linearGradient></defs><g transform=\"translate(5 5) rotate(45)\" fill=\"url(#a)\">\n"
        + "  <ellipse rx=\"3\" ry=\"4\"/><g><line x1=\"0\" y1=\"0\" x2=\"9\" y2=\"9\" stroke=\"red\" stroke-dasharray=\"5,5\"/></g></g>"
        + "<text x=\"1\" y=\"-2.5\" font-size=\"12px\" text-anchor=\"middle\">a &lt; b &amp; c</text></svg>"
  })
  void hasWhatOthersDraw(String svg) {
    assertThat(ORACLE.isWord(svg)).isTrue();
    assertThat(SvgDocument.in(svg)).isEqualTo(svg);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "<script/>", CIRCLE + "<script>1</script>", "<circle r=\"1\" r=\"2\"/>", "<circle cx=\"1\"/>", "<circle r=\"-1\"/>",
    "<circle r=\"1\" style=\"fill:red\"/>", "<circle r=\"1\" onclick=\"x\"/>", "<circle r=\"1\" href=\"x\"/>", "<circle r=\"1e9\"/>",
    "<circle r=\"12345\"/>", "<circle r='1'/>", "<circle r=\"1\">", "<g>" + CIRCLE, "</g>" + CIRCLE, "<g></g>",
    "<image href=\"a.png\"/>", "<use href=\"#a\"/>", "<circle r=\"1\" fill=\"url(http://a)\"/>", "<circle r=\"1\" fill=\"reddish\"/>",
    "<text x=\"1\" y=\"1\">a<b</text>", "<text x=\"1\" y=\"1\">&a;</text>", "<text x=\"1\" y=\"1\">\u0001</text>", "<text x=\"1\" y=\"1\">]]></text>",
    "<!-- a -->" + CIRCLE, "<polygon points=\"1,1 2,2\"/>", "<path d=\"L 1 1\"/>", "<path d=\"M 1 1 L 2\"/>",
    CIRCLE + "<line x1=\"0\" y1=\"0\" x2=\"9\" y2=\"9\" stroke=\"red\" stroke-dasharray=\"0.001\"/>",
    "<g><g><g><g><g>" + CIRCLE + "</g></g></g></g></g>"
  })
  void hasNothingElse(String content) {
    assertThat(ORACLE.isWord(START + content + "</svg>")).isFalse();
  }

  @Test
  void isBounded() {
    assertThat(ORACLE.isWord(START + CIRCLE.repeat(SvgGrammar.MOST_ELEMENTS) + "</svg>")).isTrue();
    assertThat(ORACLE.isPrefix(START + CIRCLE.repeat(SvgGrammar.MOST_ELEMENTS) + "<c")).isFalse();
    String group = "<g>" + CIRCLE + "</g>";
    assertThat(ORACLE.isWord(START + group.repeat(SvgGrammar.MOST_ELEMENTS / 2) + "</svg>")).isTrue();
    assertThat(ORACLE.isPrefix(START + group.repeat(SvgGrammar.MOST_ELEMENTS / 2) + "<g")).isFalse();
    assertThat(ORACLE.isPrefix("<svg width=\"2001\"")).isFalse();
    assertThat(ORACLE.isPrefix(START + "<text x=\"1\" y=\"1\">" + "a".repeat(201))).isFalse();
  }

  @Test
  void alwaysLeavesRoomForSomethingToSee() {
    String groups = "<g></g>".repeat(SvgGrammar.MOST_ELEMENTS - 1);
    assertThat(ORACLE.isWord(START + groups + "</svg>")).isFalse();
    assertThat(ORACLE.isPrefix(START + groups + "<g")).isFalse();
    assertThat(ORACLE.isWord(START + groups + CIRCLE + "</svg>")).isTrue();
  }

  @Test
  void isAlwaysADocumentThatPassesTheCheck() {
    GrammarOracle oracle = new GrammarOracle(SvgGrammar.on(Overlay.start(640, 480)));
    GrammarSampler sampler = new GrammarSampler(oracle, new Random(1));
    for (int i = 0; i < 20; i++) {
      String svg = sampler.word(40 * i);
      assertThat(SvgDocument.in(svg)).isEqualTo(svg);
    }
  }
}
