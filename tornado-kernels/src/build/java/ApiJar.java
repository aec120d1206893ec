import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Makes the jar that the kernels are compiled against: the API classes of TornadoVM out of a jar that has them among
 * others, as the automatic module that is called like TornadoVM's own. Classes that were compiled with preview features
 * on are marked as if they were not, for they use none and later JDKs would refuse them.
 *
 * <p>Run by the build: {@code java ApiJar.java <jar, or directory with tornado-api-*.jar> <result>}.
 */
final class ApiJar {

  private static final String PACKAGE = "uk/ac/manchester/tornado/api/";
  /** Bytes 4 and 5 of a class file are its minor version: all ones for preview features, else zero. */
  private static final int MINOR_VERSION = 4;

  private ApiJar() {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    Files.createDirectories(target.getParent());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", "tornado.api");
    try (JarFile source = new JarFile(find(Path.of(arguments[0])).toFile());
        JarOutputStream result = new JarOutputStream(Files.newOutputStream(target), manifest)) {
      for (Enumeration<JarEntry> entries = source.entries(); entries.hasMoreElements();) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith(PACKAGE) && entry.getName().endsWith(".class")) {
          byte[] bytes = source.getInputStream(entry).readAllBytes();
          bytes[MINOR_VERSION] = 0;
          bytes[MINOR_VERSION + 1] = 0;
          result.putNextEntry(new JarEntry(entry.getName()));
          result.write(bytes);
          result.closeEntry();
        }
      }
    }
  }

  private static Path find(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      return source;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(source, "tornado-api-*.jar")) {
      for (Path jar : jars) {
        return jar;
      }
    }
    throw new IOException("there is no tornado-api-*.jar in " + source);
  }
}
