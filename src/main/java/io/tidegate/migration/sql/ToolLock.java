package io.tidegate.migration.sql;

import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.LockGuard.ForeignLock;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.zip.CRC32;

/**
 * The lock of another migration tool. It is a lock of the session, as ours is, and goes with it. Of the tools that are
 * known golang-migrate and Flyway have one by default.
 */
public final class ToolLock implements ForeignLock {
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final SqlSession session;
  private final SupportedTool tool;
  private final Duration limit;
  private final String target;
  private final MigrationListener listener;

  ToolLock(
      SqlSession session,
      SupportedTool tool,
      Duration limit,
      String target,
      MigrationListener listener) {
    this.session = session;
    this.tool = tool;
    this.limit = limit;
    this.target = target;
    this.listener = listener;
  }

  /**
   * The number by which golang-migrate calls its lock.
   *
   * @param names what it hashes for that
   */
  public static long golangMigrateId(String names) {
    CRC32 sum = new CRC32();
    sum.update(names.getBytes(StandardCharsets.UTF_8));
    return sum.getValue() * 1486364155L & 0xffffffffL;
  }

  @Override
  public void await() throws SQLException, InterruptedException {
    long start = System.nanoTime();
    boolean told = false;
    while (!tryTake()) {
      if (!told) {
        listener.waiting(new LockHolder(tool.title(), null, null));
        told = true;
      }
      if (System.nanoTime() - start >= limit.toNanos()) {
        throw new ProblemException(
            new Problem(
                ExitCode.LOCKED,
                "%s holds its lock and has not given it back within %d s"
                    .formatted(tool.title(), limit.toSeconds()),
                "target " + target,
                "Let it end, or end its session: its lock is free at that moment"));
      }
      Thread.sleep(PAUSE);
    }
  }

  /** It may be taken many times over. */
  @Override
  public boolean keep() throws SQLException {
    return tryTake();
  }

  /** On some engines it is lost between two files. */
  @Override
  public boolean mayHaveBeenLost() {
    return tool == SupportedTool.GOLANG_MIGRATE || tool == SupportedTool.FLYWAY;
  }

  @Override
  public boolean tryTake() throws SQLException {
    String query =
        switch (tool) {
          case GOLANG_MIGRATE -> session.golangMigrateLock(tool.table());
          case FLYWAY -> session.flywayLock(tool.table());
          case DBMATE, GOOSE, SQL_MIGRATE -> "";
        };
    if (query.isEmpty()) {
      return true;
    }
    try (Statement statement = session.connection().createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
