package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two files of a folder whose names say that not both are meant to run: a way forward and its way back,
 * one migration for two databases, or a file and its copy.
 */
final class ConflictingFileNames {
  /** A word of a way back, and what stands there in the name of its way forward. */
  private record Words(String back, String forward) {
    /** The name of the way forward. */
    List<String> lead(List<String> wayBack) {
      return wayBack.stream()
          .map(word -> word.equals(back) ? forward : word)
          .filter(word -> !word.isEmpty())
          .toList();
    }
  }

  private static final List<Words> WAYS_BACK =
      List.of(
          new Words("downgrade", "upgrade"),
          new Words("down", "up"),
          new Words("down", ""),
          new Words("dn", "up"),
          new Words("rollback", ""),
          new Words("revert", ""),
          new Words("revert", "apply"),
          new Words("revert", "deploy"),
          new Words("unapply", "apply"),
          new Words("unapply", ""),
          new Words("backout", ""),
          new Words("uninstall", "install"),
          new Words("drop", "create"),
          new Words("drop", ""));

  /** Between the words of a name, also of one like {@code 001CreateDown}. */
  private static final Pattern BREAK =
      Pattern.compile("[-_. ]+|(?<=[\\p{Ll}\\d])(?=\\p{Lu})|(?<=\\p{L})(?=\\d)|(?<=\\d)(?=\\p{L})");

  private static final Pattern DATABASE =
      Pattern.compile(
          "(?<![a-z0-9])(mysql|mariadb|postgres|postgresql|pgsql|pg|sqlite3?|mssql|sqlserver|oracle|db2"
              + "|h2|hsqldb|derby|cockroach|cockroachdb|firebird)(?![a-z0-9])");

  /** As file managers, editors and people name copies. */
  private static final Pattern COPY =
      Pattern.compile(
          "copy( \\(\\d+\\))? of (?<of>.+)\\.sql|(?<original>.+?)( - (copy|kopie|copie|copia)| copy( \\d+)?|[-_.]copy)?( ?\\(\\d+\\))?"
              + "([.](bak|backup|old|orig|save))?\\.sql");

  /** What the name of a copy has in any case. */
  private static final Pattern MAY_BE_COPY =
      Pattern.compile("cop|kopie|\\(|\\.(bak|backup|old|orig|save)", Pattern.CASE_INSENSITIVE);

  private final Path folder;
  private final Collection<String> files;

  private ConflictingFileNames(Path folder, Collection<String> files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * The problems with these files, one of a kind at most.
   *
   * @param hasConditions whether a file says itself on which databases it runs
   */
  static List<Problem> check(
      Path folder, Collection<String> files, Predicate<String> hasConditions) {
    ConflictingFileNames pairs = new ConflictingFileNames(folder, files);
    return Stream.of(pairs.wayBack(), pairs.twoDatabases(hasConditions), pairs.copy())
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<Problem> wayBack() {
    List<String> back = files.stream().filter(ConflictingFileNames::mayLeadBack).toList();
    if (back.isEmpty()) {
      return Optional.empty();
    }
    Map<List<String>, String> byWords = new HashMap<>();
    files.forEach(file -> byWords.put(words(file), file));
    for (String file : back) {
      List<String> words = words(file);
      for (Words way : WAYS_BACK) {
        String forward = words.contains(way.back) ? byWords.get(way.lead(words)) : null;
        if (forward != null) {
          return Optional.of(
              problem(
                  file,
                  "the file is named as the way back of %s, and both would run".formatted(forward),
                  "Give a folder that holds the way forward alone; if the file is no way back, rename"
                      + " it"));
        }
      }
    }
    return Optional.empty();
  }

  /** Most names hold no such word, not even within another one. */
  private static boolean mayLeadBack(String file) {
    String lower = lower(file);
    return WAYS_BACK.stream().anyMatch(way -> lower.contains(way.back));
  }

  private static List<String> words(String file) {
    return BREAK.splitAsStream(file).map(ConflictingFileNames::lower).toList();
  }

  private Optional<Problem> twoDatabases(Predicate<String> hasConditions) {
    Map<String, String> byRest = new HashMap<>();
    for (String file : files) {
      Matcher database = DATABASE.matcher(lower(file));
      if (database.find() && !hasConditions.test(file)) {
        String other = byRest.putIfAbsent(database.replaceFirst(""), file);
        if (other != null) {
          return Optional.of(
              problem(
                  file,
                  "the file is named as the same migration as %s for another database, and both would"
                          .formatted(other)
                      + " run",
                  "Give a folder that holds the files of one database alone"));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Problem> copy() {
    Map<String, String> byName = new HashMap<>();
    files.forEach(file -> byName.put(lower(file), file));
    for (String file : files) {
      Matcher copy = COPY.matcher(lower(file));
      if (MAY_BE_COPY.matcher(file).find() && copy.matches()) {
        String name = copy.group("of") == null ? copy.group("original") : copy.group("of");
        String original = byName.get(name + ".sql");
        if (original != null && !lower(original).equals(lower(file))) {
          return Optional.of(
              problem(
                  file,
                  "the file is named as a copy of %s, and both would run".formatted(original),
                  "Take the copy out of the folder, or give it a name of its own"));
        }
      }
    }
    return Optional.empty();
  }

  private static String lower(String file) {
    return file.toLowerCase(Locale.ROOT);
  }

  private Problem problem(String file, String what, String remedy) {
    return new Problem(ExitCode.CHANGELOG, what, folder.resolve(file).toString(), remedy);
  }
}
