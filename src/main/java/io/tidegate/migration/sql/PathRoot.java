package io.tidegate.migration.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the folder from which the paths in a changelog lead. Mostly that is the changelog's own; in the
 * layouts of Spring Boot and JHipster it is the root of the resources, and {@code
 * db/changelog/db.changelog-master.yaml} names {@code db/changelog/changes/001.yaml}. History
 * tells files by these paths, so that root and names must be those with which Spring ran them.
 */
final class PathRoot {
  /** What a changelog of includes has at most; more is not searched. */
  private static final int MOST_BYTES = 1 << 20;

  /** A file or folder that is named, in XML, YAML or JSON. */
  private static final Pattern NAMED =
      Pattern.compile("\\b(?:file|path)\"?\\s*[:=]\\s*[\"']?([^\"'\\s,{}<>]+)");

  private PathRoot() {}

  /**
   * Takes a changelog file.
   *
   * @return its own folder, or the one above it from which a path in it leads to a file that there is
   */
  static Path of(Path changelog) {
    Path folder = changelog.toAbsolutePath().normalize().getParent();
    if (folder == null || changelog.toString().toLowerCase(Locale.ROOT).endsWith(".sql")) {
      return folder == null ? changelog : folder; // SQL files name no others.
    }
    Matcher named = NAMED.matcher(text(changelog));
    while (named.find()) {
      Path root = above(folder, withoutScheme(named.group(1)));
      if (root != null) {
        return root;
      }
    }
    return folder;
  }

  /** A path without {@code classpath:}, which means the root here as it does for Spring. */
  static String withoutScheme(String path) {
    return path.replaceFirst("^classpath\\*?:/*", "");
  }

  private static @Nullable Path above(Path folder, String name) {
    try {
      String relative = name.startsWith("/") ? name.substring(1) : name;
      Path path = Path.of(relative);
      if (relative.isEmpty() || Files.exists(folder.resolve(path))) {
        return null;
      }
      for (Path root = folder.getParent(); root != null; root = root.getParent()) {
        // The changelog must be below the folder that the path begins with: no other is guessed.
        if (root.relativize(folder).startsWith(path.getName(0))
            && Files.exists(root.resolve(path))) {
          return root;
        }
      }
      return null;
    } catch (InvalidPathException e) {
      return null; // It is no path, so it leads nowhere.
    }
  }

  private static String text(Path changelog) {
    try (InputStream in = Files.newInputStream(changelog)) {
      return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // Whoever reads it says so.
    }
  }
}
