package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Folders as people may bring them, made at random: names, marks of other tools, encodings, ends of
 * lines, statements of all kinds. What was applied must be what the engine's own client makes of the
 * same files, one after the other; what was refused must have left what the client makes of those that the
 * history has, or be told as interrupted.
 */
public final class RandomFolders {
  private static final List<String> PLAIN =
      List.of(
          "CREATE TABLE t{n} (id int PRIMARY KEY, s varchar(50));",
          "CREATE TABLE t{n} (id int PRIMARY KEY, s varchar(50) DEFAULT 'a;b'); -- and; so on",
          "INSERT INTO t{o} (id, s) VALUES ({k}, 'semi;colon');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, 'quote''s -- no comment');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, 'Grüße, 世界');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, 'two\nlines');",
          "INSERT INTO t{o} (id, s) VALUES ({k}, '/* no comment */');",
          "-- a comment; with a semicolon",
          "/* a block; over\n two lines */",
          "UPDATE t{o} SET s = 'x' WHERE id < {k};",
          "ALTER TABLE t{o} ADD COLUMN c{k} int;",
          "BEGIN;\nINSERT INTO t{o} (id, s) VALUES ({k}, 'b');\nCOMMIT;",
          "CREATE VIEW v{k} AS SELECT id FROM t{o};",
          "CREATE INDEX i{k} ON t{o} (s);",
          ";",
          "  \n\n");

  private static final List<String> MARKS =
      List.of(
          "-- +goose Down\nDROP TABLE t0;",
          "-- migrate:down\nDROP TABLE t0;",
          "-- Down\nDROP TABLE t0;",
          "-- //@UNDO\nDROP TABLE t0;",
          "# --- !Downs\nDROP TABLE t0;",
          "---- create above / drop below ----\nDROP TABLE t0;",
          "-- tidegate: no-transaction",
          "-- up and down, as a sentence says");

  private static final List<String> NAMES =
      List.of(
          "%03d.sql", "%03d_a b.sql", "%03d-Ünï.sql", "%d_x.sql", "V%d__x.sql", "%03d_x.down.sql");

  private static final List<String> OTHERS =
      List.of("README.md", "run.sh", "old.sql.gz", ".hidden.sql", "sub/001.sql", "notes.txt");

  private final Engine engine;
  private final List<String> pieces;
  private int applied;
  private int refused;

  /** What is compared, on one engine. */
  public interface Engine {
    /** A new, empty database. */
    void create(String database) throws Exception;

    /** Applies the folder. */
    void migrate(String database, Path folder) throws Exception;

    /** Whether a changeset of it is told as interrupted. */
    boolean isInterrupted(String database, Path folder) throws Exception;

    /** Runs one file, in a session of its own. */
    void client(String database, Path file) throws Exception;

    /** All that the database holds but what is ours. */
    List<String> contents(String database) throws Exception;

    /** The files that the history has, in their order. */
    List<String> history(String database) throws Exception;

    /** Is done with it. */
    void drop(String database) throws Exception;
  }

  /**
   * Takes what runs them.
   *
   * @param pieces statements of this engine's own; {n} is a new number, {o} that of an older table, {k}
   *     a new key
   */
  public RandomFolders(Engine engine, List<String> pieces) {
    this.engine = engine;
    this.pieces = Stream.concat(PLAIN.stream(), pieces.stream()).toList();
  }

  /**
   * Tries as many folders as {@code tidegate.fuzz.folders} says, the same ones each time.
   *
   * @param parent where they are written
   */
  public void run(Path parent) throws Exception {
    int folders = Integer.getInteger("tidegate.fuzz.folders", 12);
    for (int seed = 0; seed < folders; seed++) {
      tryOne(seed, Files.createDirectory(parent.resolve("random" + seed)));
    }
    System.out.printf("random folders: %d applied, %d refused%n", applied, refused);
    assertThat(applied).isPositive();
  }

  private void tryOne(int seed, Path folder) throws Exception {
    Map<String, Path> files = write(new Random(seed), folder);
    String database = "random" + seed;
    String other = database + "c";
    engine.create(database);
    engine.create(other);
    try {
      boolean whole = migrated(seed, database, folder);
      List<String> expected = whole ? List.copyOf(files.keySet()) : engine.history(database);
      for (String file : expected) {
        engine.client(other, Objects.requireNonNull(files.get(file)));
      }
      if (whole || !isInterrupted(database, folder)) {
        assertThat(engine.contents(database))
            .as("seed %d, %s, applied: %s", seed, folder, whole)
            .isEqualTo(engine.contents(other));
      }
      if (whole) {
        engine.migrate(database, folder);
        assertThat(engine.contents(database))
            .as("seed %d again", seed)
            .isEqualTo(engine.contents(other));
      }
    } finally {
      engine.drop(database);
      engine.drop(other);
    }
  }

  /** A folder that is refused before a server is connected to interrupts nothing. */
  private boolean isInterrupted(String database, Path folder) throws Exception {
    try {
      return engine.isInterrupted(database, folder);
    } catch (ProblemException e) {
      return false;
    }
  }

  private boolean migrated(int seed, String database, Path folder) throws Exception {
    try {
      engine.migrate(database, folder);
      applied++;
      return true;
    } catch (ProblemException e) {
      assertThat(e.exit()).as("seed %d: %s", seed, e.getMessage()).isEqualTo(ExitCode.CHANGELOG);
      refused++;
      return false;
    }
  }

  /** Gives, for each name, a copy that every client can read. */
  private Map<String, Path> write(Random random, Path folder) throws IOException {
    Map<String, Path> copies = new TreeMap<>();
    Path copied = Files.createDirectory(folder.resolveSibling(folder.getFileName() + ".copies"));
    int[] numbers = {0, 0};
    boolean strange = random.nextInt(4) == 0;
    int count = 1 + random.nextInt(5);
    for (int i = 1; i <= count; i++) {
      String pattern =
          NAMES.get(strange && random.nextInt(3) == 0 ? random.nextInt(NAMES.size()) : 0);
      String name = pattern.formatted(i);
      String text = text(random, numbers, i == 1);
      Charset charset =
          switch (random.nextInt(30)) {
            case 0 -> StandardCharsets.ISO_8859_1;
            case 1 -> StandardCharsets.UTF_16LE;
            default -> StandardCharsets.UTF_8;
          };
      boolean mark = charset.equals(StandardCharsets.UTF_16LE) || random.nextInt(15) == 0;
      Files.write(folder.resolve(name), ((mark ? "\uFEFF" : "") + text).getBytes(charset));
      copies.put(name, Files.writeString(copied.resolve(name), text));
    }
    if (random.nextInt(10) == 0) {
      Path file = folder.resolve(OTHERS.get(random.nextInt(OTHERS.size())));
      Files.createDirectories(file.getParent());
      Files.writeString(file, "CREATE TABLE left_out (id int);\n");
    }
    return copies;
  }

  private String text(Random random, int[] numbers, boolean first) {
    List<String> parts = new ArrayList<>();
    if (first) {
      parts.add(filled(PLAIN.getFirst(), random, numbers));
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      parts.add(filled(pieces.get(random.nextInt(pieces.size())), random, numbers));
    }
    if (random.nextInt(15) == 0) {
      parts.add(random.nextInt(parts.size() + 1), MARKS.get(random.nextInt(MARKS.size())));
    }
    if (random.nextInt(25) == 0) {
      parts.add("INSERT INTO missing VALUES (1);");
    }
    String text = String.join("\n", parts) + (random.nextInt(4) == 0 ? "" : "\n");
    return random.nextInt(6) == 0 ? text.replace("\n", "\r\n") : text;
  }

  private static String filled(String piece, Random random, int[] numbers) {
    int older = random.nextInt(Math.max(1, numbers[0]));
    String filled =
        piece
            .replace("{n}", Integer.toString(numbers[0]))
            .replace("{o}", Integer.toString(older))
            .replace("{k}", Integer.toString(numbers[1]++));
    if (piece.startsWith("CREATE TABLE t{n}")) {
      numbers[0]++;
    }
    return filled;
  }
}
