package io.github.llava4j.architecture;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.llava4j.kernels.Internal;

/** What users of the libraries may rely on: every public type, and every public or protected member, without {@link Internal}. */
final class PublicApi {

  private PublicApi() {}

  /** The public API's types below {@code root}, nested ones included. Applications are no libraries. */
  static DescribedPredicate<JavaClass> below(String root) {
    return DescribedPredicate.describe("are public API", type ->
        (type.getPackageName() + ".").startsWith(root + ".")
            && !(type.getPackageName() + ".").startsWith(root + ".demo.")
            && isVisible(type) && !isInternal(type));
  }

  /** The names of its top-level types, in order. */
  static List<String> names(JavaClasses classes, String root) {
    return classes.that(below(root)).stream()
        .filter(type -> type.getEnclosingClass().isEmpty())
        .map(JavaClass::getFullName).sorted().toList();
  }

  /** That no member that users see mentions a type that they are not to use, as its own, an argument's or a bound. */
  static ArchCondition<JavaClass> mentionNoInternalType() {
    return new ArchCondition<>("mention no type marked @Internal") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        members(type).forEach(member -> involved(member)
            .flatMap(mentioned -> mentioned.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(PublicApi::isInternal).distinct()
            .forEach(hidden -> events.add(SimpleConditionEvent.violated(
                member, member.getFullName() + " mentions the internal " + hidden.getFullName()))));
      }
    };
  }

  /** That what users are given belongs to them or cannot be closed by them: only who opens something, closes it. */
  static ArchCondition<JavaClass> lendNothingThatCloses() {
    return new ArchCondition<>("give out nothing of their own that the receiver could close") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getMethods().stream()
            .filter(method -> isSeen(method) && !isInternal(method))
            .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC) && method.getRawParameterTypes().isEmpty())
            .filter(method -> method.getRawReturnType().isAssignableTo(AutoCloseable.class))
            .forEach(method -> events.add(SimpleConditionEvent.violated(
                method, method.getFullName() + " gives out a " + method.getRawReturnType().getName())));
      }
    };
  }

  private static Stream<JavaMember> members(JavaClass type) {
    return type.getMembers().stream().filter(member -> isSeen(member) && !isInternal(member));
  }

  private static Stream<JavaType> involved(JavaMember member) {
    return switch (member) {
      case JavaField field -> Stream.of(field.getType());
      case JavaCodeUnit code -> Stream.concat(Stream.of(code.getReturnType()), code.getParameterTypes().stream());
      default -> throw new AssertionError(member);
    };
  }

  private static boolean isSeen(JavaMember member) {
    return !member.getModifiers().contains(JavaModifier.SYNTHETIC) && isSeen(member.getModifiers());
  }

  private static boolean isSeen(Iterable<JavaModifier> modifiers) {
    for (JavaModifier modifier : modifiers) {
      if (modifier == JavaModifier.PUBLIC || modifier == JavaModifier.PROTECTED) {
        return true;
      }
    }
    return false;
  }

  private static boolean isVisible(JavaClass type) {
    return isSeen(type.getModifiers()) && type.getEnclosingClass().map(PublicApi::isVisible).orElse(true);
  }

  private static boolean isInternal(JavaMember member) {
    return member.isAnnotatedWith(Internal.class);
  }

  private static boolean isInternal(JavaClass type) {
    return type.isAnnotatedWith(Internal.class)
        || type.getPackage().isAnnotatedWith(Internal.class)
        || type.getEnclosingClass().map(PublicApi::isInternal).orElse(false);
  }
}
