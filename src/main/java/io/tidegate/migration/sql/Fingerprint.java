package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import io.tidegate.target.Changelog;
import io.tidegate.target.FlywayPlaceholders;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Decides, without Liquibase, that a run has nothing to do, if an earlier one has found so. The table
 * {@code tidegate_fingerprint} has one row, which says with which changelog and which history nothing
 * was left to do. It stands in the database that it speaks of, so that a restored one brings its own.
 * Used under the migration lock, in autocommit.
 */
final class Fingerprint {
  static final String TABLE = "tidegate_fingerprint";

  private final SqlSession session;
  private final ChangelogReader changelog;
  private final History table;
  private Optional<String> digest = Optional.empty();
  private Optional<String> history = Optional.empty();

  Fingerprint(SqlSession session, ChangelogReader changelog, History table) {
    this.session = session;
    this.changelog = changelog;
    this.table = table;
  }

  /** A changelog and a history, by their digests, and what a comparison of the two said. */
  private record Known(String changelog, String history, int applied, int unexpected) {}

  /**
   * What a run that has nothing to do would find; empty if it has to look. Called in autocommit, under
   * the lock, before the changelog is read.
   */
  Optional<LiquibaseRunner.Result> nothingToDo() {
    try {
      return compared();
    } catch (SQLException e) {
      return Optional.empty(); // What is wrong is told by the run that now follows.
    }
  }

  private Optional<LiquibaseRunner.Result> compared() throws SQLException {
    // The files are read while the server reads the history.
    String product = product();
    FutureTask<Optional<String>> files = new FutureTask<>(() -> digest(product));
    Thread.ofPlatform().daemon().name("changelog").start(files);
    history = history();
    digest = result(files);
    if (digest.isEmpty() || history.isEmpty()) {
      return Optional.empty();
    }
    Optional<Known> known = read();
    boolean same =
        known.isPresent()
            && digest.equals(known.map(Known::changelog))
            && history.equals(known.map(Known::history))
            && new IntentStore(session, table).open().isEmpty();
    return same
        ? known.map(k -> new LiquibaseRunner.Result(0, k.applied(), k.unexpected(), 0, null))
        : Optional.empty();
  }

  /**
   * The run that follows has changed the history and will read it once more.
   *
   * @return false if what it finds then cannot be kept
   */
  boolean historyChanged() throws SQLException {
    history = digest.isPresent() ? history() : Optional.empty();
    return history.isPresent();
  }

  /**
   * Keeps what a run found that left nothing to do, if neither files nor history changed since it
   * read them. The migration is over: whatever fails here costs only the time that it would save.
   */
  void keep(LiquibaseRunner.Settled settled) {
    if (digest.isEmpty() || history.isEmpty()) {
      return;
    }
    try {
      Connection connection = session.connection();
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      if (history.equals(history()) && digest.equals(digest(product()))) {
        write(
            new Known(
                digest.orElseThrow(),
                history.orElseThrow(),
                settled.applied(),
                settled.unexpected()));
      }
    } catch (SQLException | RuntimeException | OutOfMemoryError e) {
      // The next run looks for itself again.
    }
  }

  /** Empty where the files do not say all, or the migration is to end. */
  private static Optional<String> result(FutureTask<Optional<String>> files) {
    try {
      return files.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.empty(); // Liquibase reads them then, and says what is wrong with them.
    }
  }

  private String product() throws SQLException {
    return session.connection().getMetaData().getDatabaseProductName();
  }

  private Optional<String> digest(String product) {
    return ChangelogDigest.of(changelog.declared(), changelog.folder(), product);
  }

  /** What the history holds now; empty if there is none. */
  private Optional<String> history() throws SQLException {
    return table.digest().map(Sha256::hexOf);
  }

  private Optional<Known> read() throws SQLException {
    if (session.table(table.ownTable(TABLE)).isEmpty()) {
      return Optional.empty();
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT changelog, history, applied, unexpected FROM " + inFull())) {
      return row.next()
          ? Optional.of(new Known(row.getString(1), row.getString(2), row.getInt(3), row.getInt(4)))
          : Optional.empty();
    }
  }

  private void write(Known known) throws SQLException {
    Connection connection = session.connection();
    if (session.table(table.ownTable(TABLE)).isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE "
                + inFull()
                + " (changelog char(64) NOT NULL PRIMARY KEY, history char(64) NOT NULL,"
                + " applied int NOT NULL, unexpected int NOT NULL)"
                + session.tableOptions());
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM " + inFull());
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO "
                + inFull()
                + " (changelog, history, applied, unexpected) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, known.changelog());
      insert.setString(2, known.history());
      insert.setInt(3, known.applied());
      insert.setInt(4, known.unexpected());
      insert.executeUpdate();
    }
  }

  private String inFull() {
    return session.place().table(table.ownTable(TABLE));
  }

  /**
   * A hash over all that decides what a changelog means: every file under its folder by name and bytes,
   * so that whatever it includes is covered and a new file is noticed, its contexts and labels, and the
   * version that reads it.
   */
  static final class ChangelogDigest {
    /** Past these, Liquibase reads the changelog as if there were no hash. */
    private static final int MOST_FILES = 50_000;

    private static final long MOST_BYTES = 256L << 20;
    private static final int BUFFER_BYTES = 64 << 10;

    /** So many files are hashed sooner than another thread is at work. */
    private static final int SHARE = 500;

    private static final String RULES = "4";

    private ChangelogDigest() {}

    /** Empty where the files do not say all: parameters, {@code ${...}}, come from elsewhere. */
    static Optional<String> of(Changelog changelog, Path folder, String database) {
      try {
        if (!changelog.placeholders().prefix().equals(FlywayPlaceholders.NONE.prefix())) {
          return Optional.empty();
        }
        MessageDigest all = Sha256.digest();
        add(all, RULES);
        add(all, Objects.toString(ChangelogDigest.class.getPackage().getImplementationVersion()));
        add(all, database);
        add(all, changelog.contexts());
        add(all, changelog.labels());
        add(all, Objects.toString(changelog.encoding()));
        add(all, changelog.format().name());
        add(all, folder.relativize(changelog.path().toAbsolutePath().normalize()).toString());
        hashes(files(folder), folder.toString().length()).forEach(all::update);
        return Optional.of(HexFormat.of().formatHex(all.digest()));
      } catch (IOException | RuntimeException e) {
        return Optional.empty(); // Liquibase reads it then, and says what is wrong with it.
      }
    }

    private static List<Path> files(Path folder) throws IOException {
      List<Path> files = new ArrayList<>();
      Files.walkFileTree(
          folder,
          Set.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile()) {
                files.add(file);
              }
              if (files.size() > MOST_FILES) {
                throw new IOException("more than " + MOST_FILES + " files");
              }
              return FileVisitResult.CONTINUE;
            }
          });
      Collections.sort(files);
      return files;
    }

    /** A hash of each file, in their order; of many files by all processors. */
    private static List<byte[]> hashes(List<Path> files, int prefix) {
      int share = Math.max(SHARE, files.size() / Runtime.getRuntime().availableProcessors() + 1);
      List<List<Path>> shares = new ArrayList<>();
      for (int from = 0; from < files.size(); from += share) {
        shares.add(files.subList(from, Math.min(files.size(), from + share)));
      }
      AtomicLong left = new AtomicLong(MOST_BYTES);
      Stream<List<Path>> all = shares.size() > 1 ? shares.parallelStream() : shares.stream();
      return all.flatMap(each -> hashes(each, prefix, left).stream()).toList();
    }

    private static List<byte[]> hashes(List<Path> files, int prefix, AtomicLong left) {
      try {
        MessageDigest one = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        List<byte[]> hashes = new ArrayList<>(files.size());
        for (Path file : files) {
          add(one, file.toString().substring(prefix));
          addContent(one, file, buffer, left);
          hashes.add(one.digest());
        }
        return hashes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /**
     * Hashes a file, which may be larger than the heap.
     *
     * @param left how many bytes all files may still have
     * @throws IOException also if it has a parameter, or too many bytes
     */
    private static void addContent(MessageDigest one, Path file, byte[] buffer, AtomicLong left)
        throws IOException {
      byte last = 0;
      // A stream over a channel takes half as long again to open.
      try (InputStream in = new FileInputStream(file.toFile())) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          for (int i = 0; i < read; i++) {
            if (last == '$' && buffer[i] == '{') {
              throw new IOException("a parameter, whose value comes from elsewhere");
            }
            last = buffer[i];
          }
          if (left.addAndGet(-read) < 0) {
            throw new IOException("more than " + MOST_BYTES + " bytes");
          }
          one.update(buffer, 0, read);
        }
      }
    }

    /** A text with its length before it, so that two texts are not taken for others. */
    private static void add(MessageDigest all, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      all.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      all.update(bytes);
    }
  }
}
