package io.github.llava4j.architecture;

import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Our classes keep the rules, and each rule notices a class that breaks it. */
class ArchitectureTest {

  static final String ROOT = "io.github.llava4j";
  static final String FIXTURES = "fixture";
  static final JavaClasses OURS = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages(ROOT);
  static final JavaClasses VIOLATORS = new ClassFileImporter().importPackages(FIXTURES);

  static Stream<String> rules() {
    return Rules.below(ROOT).keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void ourClassesKeepTheRule(String name) {
    assertThat(OURS).isNotEmpty();
    Rules.below(ROOT).get(name).allowEmptyShould(false).check(OURS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theRuleNoticesItsFixture(String name) {
    ArchRule rule = Rules.below(FIXTURES).get(name);
    assertThatThrownBy(() -> rule.check(VIOLATORS)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("violated").hasMessageContaining("fixture.");
  }

  /** A cycle far below the rooms is one, too. */
  @Test
  void cyclesAreNoticedAtEveryLevel() {
    ArchRule rule = Rules.below(FIXTURES).get("3b no cycles of packages, at any level");
    assertThatThrownBy(() -> rule.check(VIOLATORS)).isInstanceOf(AssertionError.class)
        .hasMessageContaining("fixture.kernels.cpu.deep.UsesAbove").hasMessageContaining("fixture.kernels.cpu.UsesBelow");
  }

  /** A rule about packages that there are no more says so. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void noRuleIsAboutNothing(String name) {
    ArchRule rule = Rules.below("io.github.nobody").get(name);
    assertThatThrownBy(() -> rule.allowEmptyShould(false).check(OURS)).isInstanceOf(AssertionError.class);
  }
}
