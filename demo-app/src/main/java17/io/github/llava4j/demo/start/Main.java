package io.github.llava4j.demo.start;

import java.lang.reflect.InvocationTargetException;

/** Starts the program, or says which Java it needs: compiled for Java 17, so that an older Java can say so at all. */
public final class Main {

  private static final int NEEDED = 25;
  private static final int USER_MISTAKE = 2;

  private Main() {}

  public static void main(String[] args) throws ReflectiveOperationException {
    if (Runtime.version().feature() < NEEDED) {
      System.err.println("llava4j: this is Java " + Runtime.version().feature() + " (" + System.getProperty("java.home")
          + "), but Java " + NEEDED + " or later is needed");
      System.exit(USER_MISTAKE);
    }
    try {
      Class.forName("io.github.llava4j.demo.DemoApplication")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e.getCause());
    }
  }
}
