package io.github.llava4j.kernels.tornado;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Sends what native code writes to standard output to standard error instead: TornadoVM's driver writes there when it finds
 * no platform, and standard output is where answers go. For the moment of a call this is so for the whole process, so it is
 * only for the search for devices.
 */
final class NativeOutput {

  private static final int OUT = 1;
  private static final int ERR = 2;

  private NativeOutput() {}

  /** Does {@code call}; where the C library has no such functions, as on Windows, its output goes where it goes. */
  static <T extends @Nullable Object> T toStandardError(Supplier<T> call) {
    Descriptors descriptors = Descriptors.find();
    if (descriptors == null) {
      return call.get();
    }
    System.out.flush();
    int saved = descriptors.dup(OUT);
    if (saved < 0) {
      return call.get();
    }
    descriptors.dup2(ERR, OUT);
    try {
      return call.get();
    } finally {
      // What lies in the C library's buffer would come out later.
      descriptors.flush();
      descriptors.dup2(saved, OUT);
      descriptors.close(saved);
    }
  }

  /** The C library's functions for file descriptors. */
  private record Descriptors(MethodHandle dup, MethodHandle dup2, MethodHandle close, MethodHandle fflush) {

    @SuppressWarnings("restricted") // TornadoVM needs native access itself
    static @Nullable Descriptors find() {
      try {
        Linker linker = Linker.nativeLinker();
        SymbolLookup c = linker.defaultLookup();
        FunctionDescriptor one = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        FunctionDescriptor two = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
        FunctionDescriptor pointer = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        if (c.find("dup").isEmpty() || c.find("dup2").isEmpty() || c.find("close").isEmpty() || c.find("fflush").isEmpty()) {
          return null;
        }
        return new Descriptors(
            linker.downcallHandle(c.find("dup").get(), one), linker.downcallHandle(c.find("dup2").get(), two),
            linker.downcallHandle(c.find("close").get(), one), linker.downcallHandle(c.find("fflush").get(), pointer));
      } catch (UnsupportedOperationException | IllegalCallerException e) {
        // No linker for this platform, or no native access for us.
        return null;
      }
    }

    int dup(int descriptor) {
      return call(dup, descriptor);
    }

    void dup2(int from, int to) {
      call(dup2, from, to);
    }

    void close(int descriptor) {
      call(close, descriptor);
    }

    void flush() {
      call(fflush, MemorySegment.NULL);
    }

    private static int call(MethodHandle function, Object... arguments) {
      try {
        return (int) function.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new IllegalStateException("the C library could not be called", e);
      }
    }
  }
}
