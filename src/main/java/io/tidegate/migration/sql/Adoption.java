package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.SchemaComparison.Identity;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import org.jspecify.annotations.Nullable;

/**
 * What of a changelog can be recorded as applied in a database that was made by hand or from a dump.
 * Only reads.
 *
 * @param target the name of the target
 */
record Adoption(SqlSession session, ChangelogReader changelog, History history, String target) {
  /**
   * What is pending and was never recorded, up to a changeset.
   *
   * @param last as the user names it; null: all
   * @throws ProblemException with exit 64 if that is no changeset or more than one, 65 if there is nothing
   *     in the database that could be adopted, or the history would not keep a name
   */
  List<ChangeSet> adoptable(
      DatabaseChangeLog changelog, SchemaComparison comparison, @Nullable String last)
      throws Exception {
    List<ChangeSet> all = changelog.getChangeSets();
    Set<ChangeSet> wanted =
        new HashSet<>(all.subList(0, last == null ? all.size() : end(all, last)));
    // What is to run again by its own attribute has a row already.
    Set<Identity> recorded =
        comparison.applied().stream()
            .map(applied -> applied.changeset())
            .map(id -> new Identity(id.path(), id.id(), id.author()))
            .collect(Collectors.toSet());
    List<ChangeSet> adoptable =
        comparison.pending().stream()
            .filter(wanted::contains)
            .filter(changeSet -> !recorded.contains(Identity.of(changeSet)))
            .toList();
    if (!adoptable.isEmpty()) {
      refuseEmptyDatabase();
    }
    for (ChangeSet changeSet : adoptable) {
      session.checkName(SchemaComparison.id(changeSet));
    }
    this.changelog.checkAgain(adoptable);
    return adoptable;
  }

  /** Where the changelog ends if that changeset, or the last one of that file, is its last. */
  private int end(List<ChangeSet> all, String last) {
    List<Integer> named =
        IntStream.range(0, all.size())
            .filter(i -> isCalled(SchemaComparison.id(all.get(i)), last))
            .boxed()
            .toList();
    long files = named.stream().map(i -> SchemaComparison.id(all.get(i)).path()).distinct().count();
    boolean byFile = named.stream().allMatch(i -> isFile(SchemaComparison.id(all.get(i)), last));
    if (files != 1 || (named.size() > 1 && !byFile)) {
      throw new ProblemException(
          new Problem(
              ExitCode.USAGE,
              files == 0
                  ? "the changelog has no changeset " + last
                  : "%d changesets are called %s".formatted(named.size(), last),
              "target " + target,
              "Name one as tidegate status lists it, or by its file or its version"));
    }
    return named.getLast() + 1;
  }

  private boolean isCalled(ChangesetId id, String name) {
    return id.toString().equals(name)
        || isFile(id, name)
        || history.isSame(id, new ChangesetId(id.path(), name, id.author()));
  }

  private static boolean isFile(ChangesetId id, String name) {
    return id.path().equals(name) || id.path().endsWith("/" + name);
  }

  /** Where nothing was made, recording it would keep it from ever being made. */
  private void refuseEmptyDatabase() throws SQLException {
    if (session.place().exists() && !objects().isEmpty()) {
      return;
    }
    throw new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "the database has no tables: what would be recorded as applied is not there",
            "target " + target,
            "Run tidegate migrate, which applies the changelog; or correct the URL if the tables are in"
                + " another database or schema"));
  }

  /** The names of what others have made: here, or where a hosted platform has not. */
  private List<String> objects() throws SQLException {
    List<String> objects = new ArrayList<>();
    String here = Objects.toString(session.place().schema(), "");
    try (Statement statement = session.connection().createStatement()) {
      try (ResultSet row = statement.executeQuery(session.objectsQuery())) {
        while (row.next()) {
          objects.add(row.getString(1));
        }
      }
      try (ResultSet row = statement.executeQuery(session.columnsQuery())) {
        while (row.next()) {
          String schema = row.getString(1);
          if (!schema.equals(here) && !OtherToolHistories.PLATFORM.contains(schema)) {
            objects.add(row.getString(2));
          }
        }
      }
    }
    objects.removeIf(this::isOwn);
    return objects;
  }

  /** A history, what belongs to it, as the sequence of its rows, and our own tables. */
  private boolean isOwn(String object) {
    String name = object.toLowerCase(Locale.ROOT);
    return name.startsWith("tidegate_")
        || history.names().contains(name)
        || name.equals(history.name() + "_id_seq");
  }
}
