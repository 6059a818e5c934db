package io.tidegate.build;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or rewrites the format of every Java file below a folder. It runs in its own JDK 25 process, since Maven
 * itself may run on an older one.
 */
public final class Format {
  private static final Formatter FORMATTER =
      new Formatter(JavaFormatterOptions.builder().formatJavadoc(false).build());

  private Format() {}

  /**
   * Formats or checks.
   *
   * @param args {@code check} or {@code write}, then the folder
   */
  public static void main(String[] args) throws IOException {
    boolean write = args[0].equals("write");
    List<Path> unformatted = new ArrayList<>();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        String formatted = format(file, source);
        if (!formatted.equals(source)) {
          unformatted.add(file);
          if (write) {
            Files.writeString(file, formatted);
          }
        }
      }
    }
    if (!write && !unformatted.isEmpty()) {
      unformatted.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("Run: mvn process-test-classes -Dformat=write");
      System.exit(1);
    }
  }

  private static String format(Path file, String source) {
    try {
      String imports = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
      return FORMATTER.formatSource(RemoveUnusedImports.removeUnusedImports(imports));
    } catch (FormatterException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }
}
