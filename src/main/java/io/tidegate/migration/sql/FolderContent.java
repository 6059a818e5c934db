package io.tidegate.migration.sql;

import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a folder of SQL files holds. Nothing in it is passed over in silence: what may be meant to run
 * and would not is refused, and anything else is named.
 *
 * @param files the names of those that run, in their order
 * @param leftOut the names of the others
 */
record FolderContent(List<String> files, List<String> leftOut) {
  /** Five times as many as the largest known; more would take a small container's memory. */
  private static final int MOST_CHANGESETS = 50_000;

  /** How deep a subfolder is searched for SQL. */
  private static final int DEPTH = 6;

  /** Where a migration in another form than SQL would be kept, or SQL under another name. */
  private static final Set<String> RUNNABLE =
      Set.of(
          ("sh bash psql pgsql mysql mariadb sqlite ddl dml pks pkb plsql prc fnc trg vw hql"
                  + " cql gz bz2 xz zst zip tar tgz lz4 dump py js mjs cjs ts mts cts go rb php java"
                  + " kt kts groovy scala cs fs ex exs pl lua clj edn tmpl tpl j2 erb mustache")
              .split(" "));

  /** Formats that a changelog of Liquibase's may have, and much else. */
  private static final Set<String> STRUCTURED = Set.of("xml", "yaml", "yml", "json");

  private static final int HEAD_BYTES = 64 << 10;

  /** Endings of copies that editors and people leave. */
  private static final Pattern PUT_ASIDE =
      Pattern.compile(".*(~|\\.(bak|orig|old|rej|swp|save|disabled|off|skip|md5|sha256|sig|asc))");

  /** How a file's name begins that has a place in the order. */
  private static final Pattern NUMBERED = Pattern.compile("[vrub]?\\d.*");

  /** What explains SQL rather than being some. */
  private static final Set<String> DOCUMENTS =
      Set.of("md", "markdown", "rst", "adoc", "pdf", "png", "svg", "puml");

  /** What programs hold that embed a folder of SQL, beside it. */
  private static final Pattern EMBEDDING =
      Pattern.compile("(?![vrub]?\\d).+\\.go|__init__\\.py|index\\.[cm]?[jt]s|package-info\\.java");

  /** Made on each new file system, and readable for root alone. */
  private static final String LOST_AND_FOUND = "lost+found";

  /** What a letter becomes that the encoding of this process's file names does not have. */
  private static final String UNREADABLE = "\uFFFD";

  /** Reads the folder, but no file in it. */
  static FolderContent of(Path folder) {
    return read(folder, true, false);
  }

  /** The same, where it is not by their names that the files run in an order. */
  static FolderContent inAnyOrder(Path folder) {
    return read(folder, false, false);
  }

  /** The same with all that is in its subfolders, but hidden ones, by paths from the folder. */
  static FolderContent withSubfolders(Path folder) {
    return read(folder, false, true);
  }

  private static FolderContent read(Path folder, boolean byName, boolean deep) {
    List<String> files = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    try {
      for (Path entry : entries(folder, deep)) {
        String name = entry.getFileName().toString();
        String path = folder.relativize(entry).toString();
        String lower = name.toLowerCase(Locale.ROOT);
        if (name.startsWith(".")) {
          // A mounted ConfigMap keeps its files in ..data and links to them.
          if (lower.endsWith(".sql") && !name.startsWith("..")) {
            leftOut.add(path);
          }
        } else if (lower.endsWith(".sql") && name.contains(UNREADABLE)) {
          problems.add(
              problem(
                  entry,
                  "the file's name holds letters that %s, the encoding of file names here, does not"
                          .formatted(System.getProperty("sun.jnu.encoding"))
                      + " have",
                  "Set LANG=C.UTF-8 (or LC_ALL), or rename the file"));
        } else if (lower.endsWith(".sql") && Files.isRegularFile(entry)) {
          files.add(path);
        } else {
          Optional<Problem> problem = problem(entry, lower);
          problem.ifPresent(problems::add);
          leftOut.add(path);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ProblemException(
          ExitCode.CHANGELOG,
          "the folder cannot be read: " + e,
          folder.toString(),
          "Make it readable for the user that this runs as",
          e);
    }
    if (files.isEmpty()) {
      problems.addFirst(
          new Problem(
              ExitCode.CHANGELOG,
              "the folder holds no .sql file",
              folder.toString(),
              "Put the files directly into it, or name a changelog file instead"));
    }
    refuseTooMany(files.size(), folder);
    // Files named as another tool's have that tool's order, and are refused for that.
    if (byName && files.stream().allMatch(file -> OtherTool.ofFile(file).isEmpty())) {
      orderProblem(folder, files).ifPresent(problems::add);
    }
    problems.addAll(letterCaseProblems(folder, files));
    if (!problems.isEmpty()) {
      throw new ProblemException(problems);
    }
    return new FolderContent(files, leftOut);
  }

  /** Refuses a changelog of absurd length, a folder or of one of Liquibase's formats. */
  static void refuseTooMany(int changesets, Path where) {
    if (changesets > MOST_CHANGESETS) {
      throw new ProblemException(
          new Problem(
              ExitCode.CHANGELOG,
              "the changelog has %d changesets, and at most %d are taken"
                  .formatted(changesets, MOST_CHANGESETS),
              where.toString(),
              "Load data from files that a changeset names, and begin a new changelog from the schema"
                  + " as it is now"));
    }
  }

  /** What is in a folder, sorted; if it is deep, what is in a subfolder in place of it. */
  private static List<Path> entries(Path folder, boolean deep) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        boolean hidden = name.startsWith(".") || name.equals(LOST_AND_FOUND);
        if (deep && !hidden && Files.isDirectory(entry)) {
          all.addAll(entries(entry, true));
        } else {
          all.add(entry);
        }
      }
    }
    return all;
  }

  /** Why an entry that does not run may be meant to; empty if it surely is not. */
  private static Optional<Problem> problem(Path entry, String name) throws IOException {
    if (name.equals(LOST_AND_FOUND)) {
      return Optional.empty();
    }
    if (Files.isDirectory(entry)) {
      return name.endsWith(".sql")
          ? Optional.of(
              problem(
                  entry,
                  "the entry is a folder, as Docker makes one where the file to mount there does not"
                      + " exist",
                  "Correct the path of the mount, or give the folder another name"))
          : sqlIn(entry)
              .map(file ->
                  problem(
                      entry,
                      "the subfolder holds %s, and subfolders are not read".formatted(file),
                      "Put its files directly into the folder, under names that sort in their order;"
                          + " or give a Liquibase changelog that names them"));
    }
    if (name.endsWith(".sql")) {
      return Optional.of(
          problem(
              entry,
              "the entry is no file that can be read, as a link that leads nowhere",
              "Correct it, or take it out of the folder"));
    }
    if (PUT_ASIDE.matcher(name).matches()) {
      return Optional.empty();
    }
    if (mayRun(name) || isLiquibase(entry, name)) {
      return Optional.of(
          problem(
              entry,
              "the file may be a part of the schema, and only .sql files run",
              "Make it a .sql file, name it as the changelog if it is one of Liquibase's, or keep it"
                  + " in another folder"));
    }
    return Optional.empty();
  }

  private static boolean mayRun(String name) {
    if (name.contains(".sql.")) {
      return true;
    }
    return !DOCUMENTS.contains(ending(name))
        && !EMBEDDING.matcher(name).matches()
        && (RUNNABLE.contains(ending(name)) || NUMBERED.matcher(name).matches());
  }

  private static boolean isLiquibase(Path file, String name) throws IOException {
    if (!STRUCTURED.contains(ending(name)) || !Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1)
          .contains("databaseChangeLog");
    }
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** A file below a folder, or below where a link leads, that may be meant to run. */
  private static Optional<Path> sqlIn(Path entry) throws IOException {
    Path folder = entry.toRealPath();
    try (Stream<Path> below = Files.walk(folder, DEPTH)) {
      return below
          .filter(file -> !Files.isDirectory(file))
          .filter(file -> {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            return !name.startsWith(".") && (name.endsWith("sql") || name.contains(".sql."));
          })
          .map(folder::relativize)
          .sorted()
          .findFirst();
    }
  }

  /** Names whose order is another one for people, who count, than for a sorted list. */
  private static Optional<Problem> orderProblem(Path folder, List<String> files) {
    for (int i = 1; i < files.size(); i++) {
      String before = files.get(i - 1);
      String after = files.get(i);
      if (NumericOrder.compare(before, after) > 0 || Version.isPartOf(after, before)) {
        return Optional.of(
            problem(
                folder,
                "by name %s comes before %s, by number behind it".formatted(before, after),
                "Write all numbers with equally many digits and parts, as 009 and 010 or 1.0 and 1.1,"
                    + " so that both orders are the same"));
      }
    }
    return Optional.empty();
  }

  /** Names that the history, and the disks of some systems, take for one. */
  private static List<Problem> letterCaseProblems(Path folder, List<String> files) {
    Map<String, String> seen = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (String file : files) {
      String other = seen.putIfAbsent(Identity.folded(file), file);
      if (other != null) {
        problems.add(
            problem(
                folder,
                "the names %s and %s differ only in letter case".formatted(other, file),
                "Give one of them another name"));
      }
    }
    return problems;
  }

  private static Problem problem(Path where, String what, String remedy) {
    return new Problem(ExitCode.CHANGELOG, what, where.toString(), remedy);
  }

  /** The number of one or more parts that a name begins with, as {@code 001} or {@code v1.5}. */
  private static final class Version {
    private static final Pattern BEGINNING =
        Pattern.compile("([a-zA-Z]*\\d++(?:[.-]\\d++(?![a-zA-Z]))*)(?![.-]\\d)[^/]*");

    private Version() {}

    /**
     * Whether one name's number is how the other's begins: {@code 001_a} and {@code 001.5_b}. A hyphen
     * that parts words in the one parts none of the other's numbers: {@code 001-users} and {@code
     * 001-404-page}.
     */
    static boolean isPartOf(String shorter, String longer) {
      Matcher part = BEGINNING.matcher(shorter);
      Matcher whole = BEGINNING.matcher(longer);
      if (!part.matches()
          || !whole.matches()
          || whole.group(1).length() <= part.group(1).length()
          || !whole.group(1).startsWith(part.group(1))) {
        return false;
      }
      char parting = whole.group(1).charAt(part.end(1));
      return parting == '.' || (parting == '-' && !shorter.startsWith("-", part.end(1)));
    }
  }

  /** The order in which people count: {@code 9_a} before {@code 10_b}. */
  static final class NumericOrder {
    private NumericOrder() {}

    /** Compares two names as texts, but each run of digits as one number. */
    static int compare(String a, String b) {
      int i = 0;
      int j = 0;
      while (i < a.length() && j < b.length()) {
        int endA = number(a, i);
        int endB = number(b, j);
        if (endA > i && endB > j) {
          int order = compareNumbers(a.substring(i, endA), b.substring(j, endB));
          if (order != 0) {
            return order;
          }
          i = endA;
          j = endB;
        } else {
          if (a.charAt(i) != b.charAt(j)) {
            return Character.compare(a.charAt(i), b.charAt(j));
          }
          i++;
          j++;
        }
      }
      return Integer.compare(a.length() - i, b.length() - j);
    }

    /** Numbers may be longer than a long, as times to the microsecond are. */
    private static int compareNumbers(String a, String b) {
      String left = withoutZeros(a);
      String right = withoutZeros(b);
      return left.length() == right.length()
          ? left.compareTo(right)
          : Integer.compare(left.length(), right.length());
    }

    private static String withoutZeros(String digits) {
      int from = 0;
      while (from < digits.length() && digits.charAt(from) == '0') {
        from++;
      }
      return digits.substring(from);
    }

    private static int number(String text, int from) {
      int end = from;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      return end;
    }
  }
}
