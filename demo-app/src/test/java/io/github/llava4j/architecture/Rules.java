package io.github.llava4j.architecture;

import java.util.LinkedHashMap;
import java.util.Map;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.llava4j.kernels.Internal;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.conditions.ArchConditions.haveOnlyFinalFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rules of docs/architecture.md, for the packages below a root: the project's own, or the fixtures' that break them. */
final class Rules {

  /** Says something to people, and makes no package depend on the one that it lies in. */
  private static final DescribedPredicate<JavaClass> MARK = JavaClass.Predicates.equivalentTo(Internal.class);

  private Rules() {}

  static Map<String, ArchRule> below(String root) {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("1a TornadoVM only in kernels.tornado",
        noClasses().that().resideOutsideOfPackage(root + ".kernels.tornado..")
            .should().dependOnClassesThat().resideInAPackage("uk.ac.manchester.tornado.."));
    rules.put("1b Vector API only in kernels.vector",
        noClasses().that().resideOutsideOfPackage(root + ".kernels.vector..")
            .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector.."));
    rules.put("2a kernels know the JDK and a logging facade alone",
        classes().that().resideInAPackage(root + ".kernels..")
            .should().onlyDependOnClassesThat().resideInAnyPackage(
                root + ".kernels..", "java..", "jdk..", "com.sun.management..", "org.slf4j..", "org.jspecify..",
                "uk.ac.manchester.tornado.."));
    rules.put("2b floors of the kernels", floors(root));
    rules.put("3a layers", layers(root));
    rules.put("3b no cycles of packages, at any level", slices().matching(root + ".(**)").should().beFreeOfCycles()
        .ignoreDependency(DescribedPredicate.alwaysTrue(), MARK));
    rules.put("4a LangChain4j only in its adapters",
        noClasses().that().resideInAnyPackage(
                root, root + ".kernels..", root + ".image..", root + ".text..", root + ".constraint..", root + ".config..",
                root + ".checkpoint..",
                root + ".variant..", root + ".model..", root + ".engine..")
            .should().dependOnClassesThat().resideInAPackage("dev.langchain4j.."));
    rules.put("4b no Spring below the starter",
        noClasses().that().resideInAPackage(root + "..").and().resideOutsideOfPackages(root + ".spring..", root + ".demo..")
            .should().dependOnClassesThat().resideInAPackage("org.springframework.."));
    rules.put("4c the command line knows nothing of Spring",
        noClasses().that().resideInAPackage(root + ".demo..").and().resideOutsideOfPackage(root + ".demo.web..")
            .should().dependOnClassesThat().resideInAPackage("org.springframework.."));
    rules.put("4d the web server knows nothing of the command line",
        noClasses().that().resideInAPackage(root + ".demo.web..")
            .should().dependOnClassesThat().resideInAPackage(root + ".demo.cli.."));
    rules.put("5a files and the network are opened in one class of image and one of checkpoint",
        noClasses().that().resideInAPackage(root + "..")
            .and().resideOutsideOfPackages(root + ".demo..", root + ".spring..")
            .and().doNotHaveFullyQualifiedName(root + ".image.ImageLoader")
            .and().doNotHaveFullyQualifiedName(root + ".checkpoint.ModelFiles")
            .should().dependOnClassesThat(opensThings()));
    rules.put("5b the web server opens no file and no connection",
        noClasses().that().resideInAPackage(root + ".demo.web..").should().dependOnClassesThat(opensThings()));
    rules.put("6 model classes are immutable",
        classes().that().resideInAPackage(root + ".model..").should(haveOnlyFinalFields()));
    rules.put("7 no TornadoVM type in a public signature",
        methods().that().areDeclaredInClassesThat().resideInAPackage(root + "..")
            .and().areDeclaredInClassesThat().resideOutsideOfPackage(root + ".kernels.tornado..")
            .should(mentionNoTornado()));
    rules.put("8a the public API shows nothing internal",
        classes().that(PublicApi.below(root)).should(PublicApi.mentionNoInternalType()));
    rules.put("8b nobody can close what somebody else uses",
        classes().that(PublicApi.below(root)).and().haveSimpleNameNotEndingWith("Builder")
            .should(PublicApi.lendNothingThatCloses()));
    rules.put("9 null is annotated in every package",
        classes().that().resideInAPackage(root + "..").should(resideInNullMarkedPackages()));
    return rules;
  }

  /** The backends know nothing of one another, and those for devices nothing of what the CPU backends share. */
  private static ArchRule floors(String root) {
    String kernels = root + ".kernels";
    return layeredArchitecture().consideringOnlyDependenciesInAnyPackage(kernels + "..")
        .withOptionalLayers(isFixture(root))
        .layer("select").definedBy(kernels + ".select..")
        .layer("tornado").definedBy(kernels + ".tornado..")
        .layer("vector").definedBy(kernels + ".vector..")
        .layer("scalar").definedBy(kernels + ".scalar..")
        .layer("cpu").definedBy(kernels + ".cpu..")
        .layer("programs").definedBy(kernels)
        .layer("tensor").definedBy(kernels + ".tensor..")
        .whereLayer("select").mayNotBeAccessedByAnyLayer()
        .whereLayer("tornado").mayOnlyBeAccessedByLayers("select")
        .whereLayer("vector").mayOnlyBeAccessedByLayers("select")
        .whereLayer("scalar").mayOnlyBeAccessedByLayers("select")
        .whereLayer("cpu").mayOnlyBeAccessedByLayers("scalar", "vector")
        .whereLayer("programs").mayOnlyAccessLayers("tensor")
        .ignoreDependency(DescribedPredicate.alwaysTrue(), MARK)
        .whereLayer("tensor").mayNotAccessAnyLayer();
  }

  /** The fixtures have few of our packages; of ours, one that has gone must not make its rule true. */
  private static boolean isFixture(String root) {
    return !root.startsWith("io.github");
  }

  private static ArchRule layers(String root) {
    return layeredArchitecture().consideringOnlyDependenciesInAnyPackage(root + "..")
        .withOptionalLayers(isFixture(root))
        .layer("langchain4j").definedBy(root + ".langchain4j..")
        .layer("engine").definedBy(root + ".engine..")
        .layer("model").definedBy(root + ".model..")
        .layer("variant").definedBy(root + ".variant..")
        .layer("checkpoint").definedBy(root + ".checkpoint..")
        .layer("config").definedBy(root + ".config..")
        .layer("image").definedBy(root + ".image..")
        .layer("text").definedBy(root + ".text..")
        .layer("constraint").definedBy(root + ".constraint..")
        .layer("kernels").definedBy(root + ".kernels..")
        .layer("applications").definedBy(root + ".spring..", root + ".demo..")
        .whereLayer("langchain4j").mayOnlyBeAccessedByLayers("applications")
        .whereLayer("engine").mayOnlyBeAccessedByLayers("langchain4j", "applications")
        .whereLayer("constraint").mayOnlyBeAccessedByLayers("engine", "langchain4j", "applications")
        .whereLayer("constraint").mayOnlyAccessLayers("text")
        .whereLayer("model").mayOnlyBeAccessedByLayers("engine", "langchain4j", "applications")
        .whereLayer("variant").mayOnlyBeAccessedByLayers("model", "engine", "langchain4j", "applications")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("variant", "model", "engine", "langchain4j", "applications")
        .whereLayer("config").mayOnlyBeAccessedByLayers("checkpoint", "variant", "model", "engine", "langchain4j", "applications")
        .whereLayer("config").mayOnlyAccessLayers("image", "kernels")
        // The exceptions, which all layers throw, and what is made of them.
        .ignoreDependency(DescribedPredicate.alwaysTrue(), JavaClass.Predicates.resideInAPackage(root))
        .ignoreDependency(DescribedPredicate.alwaysTrue(), MARK)
        .whereLayer("image").mayNotAccessAnyLayer()
        .whereLayer("text").mayNotAccessAnyLayer()
        .whereLayer("kernels").mayNotAccessAnyLayer();
  }

  private static DescribedPredicate<JavaClass> opensThings() {
    return DescribedPredicate.describe("open files or connections", type -> switch (type.getFullName()) {
      case "java.nio.file.Files", "java.io.FileInputStream", "java.io.RandomAccessFile", "java.io.FileReader",
          "java.nio.channels.FileChannel", "java.net.URL", "java.net.Socket" -> true;
      default -> type.getPackageName().equals("java.net.http");
    });
  }

  private static ArchCondition<JavaClass> resideInNullMarkedPackages() {
    return new ArchCondition<>("reside in packages marked @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(SimpleConditionEvent.violated(type, type.getFullName() + " is in a package without @NullMarked"));
        }
      }
    };
  }

  private static ArchCondition<JavaMethod> mentionNoTornado() {
    return new ArchCondition<>("mention no TornadoVM type") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean mentions = method.getModifiers().contains(JavaModifier.PUBLIC)
            && (isTornado(method.getRawReturnType()) || method.getRawParameterTypes().stream().anyMatch(this::isTornado));
        if (mentions) {
          events.add(SimpleConditionEvent.violated(method, method.getFullName() + " mentions a TornadoVM type"));
        }
      }

      private boolean isTornado(JavaClass type) {
        return type.getPackageName().startsWith("uk.ac.manchester.tornado");
      }
    };
  }
}
