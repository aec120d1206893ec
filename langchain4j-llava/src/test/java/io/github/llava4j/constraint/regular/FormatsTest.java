package io.github.llava4j.constraint.regular;

import java.net.URI;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FormatsTest {

  /** The rest of the valid ones: leap seconds, small t and z, durations of 79 digits, quoted and bracketed mail, punycode. */
  @ParameterizedTest
  @CsvSource({"date,17,17", "time,5,13", "date-time,4,8", "duration,20,21", "email,5,10", "hostname,8,23", "ipv4,5,5", "ipv6,11,11",
      "uuid,9,9", "uri,15,15"})
  void acceptsNothingThatTheJsonSchemaTestSuiteCallsInvalid(String format, int floor, int valid) throws Exception {
    Language language = Formats.of(format).orElseThrow();
    JsonNode groups =
        new ObjectMapper().readTree(FormatsTest.class.getResourceAsStream("suite/format/" + format + ".json"));
    List<String> accepted = new ArrayList<>();
    int all = 0;
    int invalid = 0;
    for (JsonNode group : groups) {
      for (JsonNode test : group.path("tests")) {
        JsonNode data = test.path("data");
        if (!data.isTextual()) {
          continue;
        }
        if (test.path("valid").booleanValue()) {
          all++;
          if (language.contains(data.textValue())) {
            accepted.add(data.textValue());
          }
        } else {
          invalid++;
          assertThat(language.contains(data.textValue())).as("%s: %s", format, test).isFalse();
        }
      }
    }
    assertThat(invalid).isPositive();
    assertThat(all).isEqualTo(valid);
    assertThat(accepted).hasSizeGreaterThanOrEqualTo(floor);
  }

  @Test
  void knowsNoOtherFormat() {
    assertThat(Formats.of("regex")).isEmpty();
    assertThat(Formats.of("")).isEmpty();
    assertThat(Formats.of("Date")).isEmpty();
  }

  @Test
  void knowsEveryDayOfEveryYear() {
    Language date = Formats.of("date").orElseThrow();
    int days = 0;
    for (int year = 0; year <= 9_999; year += year < 2_400 && year >= 1_500 ? 1 : 37) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = "%04d-%02d-%02d".formatted(year, month, day);
          boolean real = year > 0 && month >= 1 && month <= 12 && day >= 1
              && day <= LocalDate.of(year, month, 1).lengthOfMonth();
          if (date.contains(text) != real) {
            assertThat(date.contains(text)).as(text).isEqualTo(real);
          }
          days += real ? 1 : 0;
        }
      }
    }
    assertThat(days).isGreaterThan(300_000);
  }

  /** Java knows offsets up to 18 hours only. */
  @Test
  void whatIsWrittenCanBeReadByJava() {
    Random random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      String time = RandomText.of(Formats.of("time").orElseThrow().and(Patterns.search("(Z|[+-](0.|1[0-7]):..)$")), random, 30);
      OffsetTime.parse(time);
      LocalDate.parse(RandomText.of(Formats.of("date").orElseThrow(), random, 30));
      OffsetDateTime.parse(
          RandomText.of(Formats.of("date-time").orElseThrow().and(Patterns.search("(Z|[+-](0.|1[0-7]):..)$")), random, 30));
      java.util.UUID.fromString(RandomText.of(Formats.of("uuid").orElseThrow(), random, 40));
      URI.create(RandomText.of(Formats.of("uri").orElseThrow(), random, 30));
    }
  }

  @Test
  void hostNamesKeepTheirLimits() {
    Language hostname = Formats.of("hostname").orElseThrow();
    String label = "a".repeat(63);

    assertThat(hostname.longestLength()).isEqualTo(239);
    assertThat(hostname.contains(label + "." + label + "." + label)).isTrue();
    assertThat(hostname.contains("a" + label)).isFalse();
    assertThat(hostname.contains("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o")).isTrue();
    assertThat(hostname.isDisjoint(Patterns.search("(^|\\.)[xX][nN]--|--$|_|\\.\\.|^-|-\\."))).isTrue();
    assertThat(Formats.of("email").orElseThrow().longestLength()).isEqualTo(240);
  }

  @ParameterizedTest
  @ValueSource(strings = {"date", "time", "date-time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri"})
  void staysSmall(String format) {
    assertThat(Formats.of(format).orElseThrow().states()).isLessThan(4_000);
  }
}
