package io.github.llava4j.image;

import java.net.URI;
import java.util.Base64;

import io.github.llava4j.ImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Pictures as text. */
class ImageSourceTest {

  // Has all of + / - _ in its forms, and needs padding.
  private static final byte[] CONTENT = {(byte) 0xFB, (byte) 0xEF, (byte) 0xBE, (byte) 0xFF, (byte) 0xFF, 0, 7};
  private static final String PLAIN = Base64.getEncoder().encodeToString(CONTENT);

  @ParameterizedTest
  @ValueSource(strings = {
      "++++//8ABw==", "----__8ABw==", "++++//8ABw", " ++++\r\n//8A\tBw ==", "%2B%2B%2b%2b%2F%2f8ABw%3D%3D",
      "data:image/png;base64,++++//8ABw==", "DATA:image/png;x=y;BASE64,++++//8ABw==",
      "data:;base64,%2B%2B%2B%2B//8ABw%3D%3D"})
  void formsOfBase64(String text) {
    assertThat(bytes(ImageSource.ofBase64(text, "image 1"))).isEqualTo(CONTENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data:image/png;base64,++++//8ABw==", "data:image/png;base64,%2B%2B%2B%2B%2F%2F8ABw%3D%3D",
      "DATA:image/png;base64,----__8ABw"})
  void addresses(String address) {
    assertThat(bytes(ImageSource.of(URI.create(address), "image 1"))).isEqualTo(CONTENT);
  }

  /** One foreign character shifts all bits behind it, so it is never left out. */
  @ParameterizedTest
  @ValueSource(strings = {"++++.//8ABw==", "++++//8ABw===", "++++//8AB", "++++//8ABw%3", "++++%zz//8A", "\u2014+++//8A",
      "++++//8A\u0000", "++==//8A", "data:image/png,++++", "data:image/png;base64", "data:image/png;base64,data:,++++"})
  void whatIsNotBase64IsRefused(String text) {
    assertThatThrownBy(() -> ImageSource.ofBase64(text, "image 3"))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("image 3: expected a ");
  }

  @Test
  void everyPlaceOfAForeignCharacterIsRefused() {
    for (int i = 0; i <= PLAIN.length(); i++) {
      String damaged = PLAIN.substring(0, i) + "*" + PLAIN.substring(i);

      assertThatThrownBy(() -> ImageSource.ofBase64(damaged, "image 1")).isInstanceOf(ImageException.class);
    }
  }

  private static byte[] bytes(ImageSource source) {
    return ((ImageSource.Bytes) source).encoded();
  }
}
