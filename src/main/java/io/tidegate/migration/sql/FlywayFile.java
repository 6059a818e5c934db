package io.tidegate.migration.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a file says to Flyway. See <a
 * href="https://documentation.red-gate.com/fd/migrations-271585107.html">names</a>.
 *
 * @param version as the history spells it, with dots; empty for a repeatable migration
 * @param description as the history spells it
 */
record FlywayFile(Kind kind, String version, String description) {
  private static final Pattern VERSIONED =
      Pattern.compile("([VB])(\\d+(?:[._]\\d+)*)(?:__(.*))?\\.sql");
  private static final Pattern REPEATABLE = Pattern.compile("R__(.*)\\.sql");
  private static final Pattern UNDO = Pattern.compile("U\\d+(?:[._]\\d+)*(?:__.*)?\\.sql");

  /** Migrations under a name that Flyway does not take, in another language, and callbacks. */
  private static final Pattern ALMOST =
      Pattern.compile("(?i)([vrub][\\p{Nd}_-].*|((before|after)[a-z]+|createSchema)(__.*|\\..*)?)");

  private static final String OF_REPEATABLE = "R__";
  private static final String OF_BASELINE = "B";
  private static final int LONGEST_DESCRIPTION = 200;

  /** What Flyway does with a migration. */
  enum Kind {
    /** {@code V}: runs once, in the order of the versions. */
    VERSIONED,
    /** {@code B}: runs in place of all versions up to its own, on a database without any. */
    BASELINE,
    /** {@code R}: runs behind all others, and again whenever it was changed. */
    REPEATABLE
  }

  /**
   * Empty if it is no migration that leads forward.
   *
   * @param path of which only the last part counts
   */
  static Optional<FlywayFile> of(String path) {
    String name = name(path);
    Matcher versioned = VERSIONED.matcher(name);
    if (versioned.matches()) {
      return Optional.of(
          new FlywayFile(
              versioned.group(1).equals(OF_BASELINE) ? Kind.BASELINE : Kind.VERSIONED,
              versioned.group(2).replace('_', '.'),
              description(versioned.group(3) == null ? "" : versioned.group(3))));
    }
    Matcher repeatable = REPEATABLE.matcher(name);
    return repeatable.matches()
        ? Optional.of(new FlywayFile(Kind.REPEATABLE, "", description(repeatable.group(1))))
        : Optional.empty();
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String description(String raw) {
    String description = raw.replace('_', ' ');
    return description.length() <= LONGEST_DESCRIPTION
        ? description
        : description.substring(0, LONGEST_DESCRIPTION - 3) + "...";
  }

  /** Whether it is a migration that undoes another one. */
  static boolean leadsBack(String path) {
    return UNDO.matcher(name(path)).matches();
  }

  /** Whether a name that is no migration's was perhaps meant as one, or is a callback's. */
  static boolean isAlmost(String path) {
    return ALMOST.matcher(name(path)).matches();
  }

  /** What no other migration in a folder may be called: {@code 1.2}, {@code B1.2} or {@code R__views}. */
  String id() {
    return switch (kind) {
      case VERSIONED -> version;
      case BASELINE -> OF_BASELINE + version;
      case REPEATABLE -> OF_REPEATABLE + description;
    };
  }

  /** The same for all ids that are one migration to Flyway, as {@code 1}, {@code 01} and {@code 1.0}. */
  static String key(String id) {
    if (id.startsWith(OF_REPEATABLE)) {
      return id;
    }
    return id.startsWith(OF_BASELINE)
        ? OF_BASELINE + shortest(id.substring(OF_BASELINE.length()))
        : shortest(id);
  }

  /** A version without the zeros that mean nothing. */
  static String shortest(String version) {
    List<String> parts =
        new ArrayList<>(
            Arrays.stream(version.replace('_', '.').split("\\."))
                .map(part -> part.replaceFirst("^0+(?=\\d)", ""))
                .toList());
    while (parts.size() > 1 && parts.getLast().equals("0")) {
      parts.removeLast();
    }
    return String.join(".", parts);
  }

  /** Compares two ids: versions as Flyway counts them, then repeatable migrations by description. */
  static int compare(String a, String b) {
    boolean left = a.startsWith(OF_REPEATABLE);
    boolean right = b.startsWith(OF_REPEATABLE);
    if (left || right) {
      return left && right ? a.compareTo(b) : Boolean.compare(left, right);
    }
    return compareVersions(withoutKind(a), withoutKind(b));
  }

  /** Compares two versions. */
  static int compareVersions(String a, String b) {
    return FolderContent.NumericOrder.compare(shortest(a), shortest(b));
  }

  private static String withoutKind(String id) {
    return id.startsWith(OF_BASELINE) ? id.substring(OF_BASELINE.length()) : id;
  }
}
