package io.github.llava4j.langchain4j;

import dev.langchain4j.exception.LangChain4jException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SvgDocumentTest {

  private static final String CIRCLE =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><circle r=\"3\" fill=\"url(#a)\"/></svg>";

  @Test
  void isFoundInWhatTheModelSaysAroundIt() {
    assertThat(SvgDocument.in("Here it is:\n```svg\n" + CIRCLE + "\n```\nDo you like it?")).isEqualTo(CIRCLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "<script>alert(1)</script>", "<image href=\"http://example.org/a.png\"/>", "<foreignObject/>",
    "<rect onclick=\"alert(1)\"/>", "<g><rect style=\"fill:url(http://example.org)\"/></g>",
    "<rect fill=\"url(http://example.org)\"/>", "<rect fill=\"url(#a) url(http://example.org)\"/>",
    "<rect fill=\"\\75rl(http://example.org)\"/>", "<a xmlns=\"http://www.w3.org/1999/xhtml\"/>"
  })
  void isRefusedWhenItIsMoreThanADrawing(String content) {
    String answer = "<svg xmlns=\"http://www.w3.org/2000/svg\">" + content + "</svg>";

    assertThatThrownBy(() -> SvgDocument.in(answer))
        .isInstanceOf(LangChain4jException.class)
        .hasMessageContaining("refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"I do not know.", "", "<svg", "</svg><svg"})
  void isMissing(String answer) {
    assertThatThrownBy(() -> SvgDocument.in(answer))
        .isInstanceOf(LangChain4jException.class)
        .hasMessageContaining("did not draw");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle></svg>", "<svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>",
    "<svg x:y=\"1\"></svg>"
  })
  void isNotWellFormed(String answer) {
    assertThatThrownBy(() -> SvgDocument.in(answer))
        .isInstanceOf(LangChain4jException.class)
        .hasMessageContaining("not well-formed");
  }
}
