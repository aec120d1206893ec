package io.github.llava4j.langchain4j;

import java.io.IOException;
import java.io.StringReader;
import java.util.Locale;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import dev.langchain4j.exception.LangChain4jException;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Finds the SVG document in a model's answer, and refuses one that a viewer should not open. */
final class SvgDocument {

  static final String TYPE = "image/svg+xml";
  static final String NAMESPACE = "http://www.w3.org/2000/svg";
  private static final String END = "</svg>";
  /** All that a drawing needs; what loads, runs or embeds something is not among it. */
  private static final Set<String> ELEMENTS = Set.of(
      "svg", "g", "defs", "title", "desc", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "text",
      "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask");

  private SvgDocument() {}

  /**
   * The document in {@code answer}, as the model wrote it.
   *
   * @throws LangChain4jException if there is none, it is not well-formed, or it has something else than plain drawing
   */
  static String in(String answer) {
    int start = answer.indexOf("<svg");
    int end = answer.lastIndexOf(END);
    if (start < 0 || end < start) {
      throw new LangChain4jException("the model did not draw; it said: " + shortened(answer));
    }
    String svg = answer.substring(start, end + END.length());
    try {
      requirePlain(parser().parse(new InputSource(new StringReader(svg))).getDocumentElement());
    } catch (SAXException e) {
      throw new LangChain4jException("the model's drawing is not well-formed: " + e.getMessage(), e);
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
    return svg;
  }

  private static void requirePlain(Element element) {
    if (!NAMESPACE.equals(element.getNamespaceURI()) || !ELEMENTS.contains(element.getLocalName())) {
      throw new LangChain4jException("the model's drawing has an element that is refused: " + element.getTagName());
    }
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Attr attribute = (Attr) element.getAttributes().item(i);
      String name = attribute.getName().toLowerCase(Locale.ROOT);
      String value = attribute.getValue().toLowerCase(Locale.ROOT);
      // What is left without references into the document itself; a backslash could spell "url" so that it is not seen.
      boolean loads = value.replace("url(#", "").contains("url(") || value.contains("\\");
      if (name.startsWith("on") || name.endsWith("href") || name.equals("style") || loads) {
        throw new LangChain4jException("the model's drawing has an attribute that is refused: " + attribute);
      }
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element nested) {
        requirePlain(nested);
      }
    }
  }

  private static DocumentBuilder parser() throws ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    DocumentBuilder parser = factory.newDocumentBuilder();
    parser.setErrorHandler(new DefaultHandler()); // throws what is fatal and prints nothing
    return parser;
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
