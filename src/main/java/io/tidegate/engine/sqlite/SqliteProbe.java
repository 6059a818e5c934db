package io.tidegate.engine.sqlite;

import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the file before SQLite does, since a file that is not there yet is no fault: the app, or
 * the migration, makes it. Then its directory must be there, since SQLite makes none.
 */
final class SqliteProbe implements Probe {
  private final Target target;
  private final Probe inner;

  SqliteProbe(Target target, Probe inner) {
    this.target = target;
    this.inner = inner;
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    ProbeResult before = look(target.url().path());
    return before != null ? before : inner.attempt(timeout);
  }

  private @Nullable ProbeResult look(String path) {
    if (path.equals(":memory:")) {
      return target.changelog() == null && target.schemaGate() == null
          ? new Ready("SQLite in memory, which has nothing to wait for")
          : new Wrong(Reason.UNSUITABLE, "a database in memory cannot be migrated for another one");
    }
    Path file = Path.of(path).toAbsolutePath();
    if (Files.isDirectory(file)) {
      return new Wrong(Reason.UNSUITABLE, "%s is a directory".formatted(path));
    }
    boolean writes = target.role() == Role.PRIMARY;
    if (writes && SqliteConnector.readOnly(target)) {
      return new Wrong(Reason.ROLE, "the URL opens %s read-only".formatted(path));
    }
    if (Files.exists(file)) {
      return writes && !Files.isWritable(file)
          ? new Wrong(Reason.ROLE, "%s is not writable for this user".formatted(path))
          : null;
    }
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return new NotYet(
          Reason.UNREACHABLE,
          "the directory of %s does not exist%s".formatted(path, fromTheRoot(path)));
    }
    if (!writes && target.changelog() == null) {
      return new NotYet(Reason.UNREACHABLE, "%s does not exist".formatted(path));
    }
    if (!Files.isWritable(folder)) {
      return new Wrong(
          Reason.UNSUITABLE, "the directory of %s is not writable for this user".formatted(path));
    }
    if (target.schemaGate() != null) {
      return new NotYet(
          Reason.SCHEMA, "%s does not exist, so that nothing is applied".formatted(path));
    }
    return target.readinessQuery() != null
        ? new NotYet(Reason.QUERY, "%s does not exist, so the query gives no row".formatted(path))
        : new Ready("SQLite, a file that will be created");
  }

  /** Three slashes before a path from the root are a common slip; empty: it is none. */
  private static String fromTheRoot(String path) {
    Path folder = Path.of("/" + path).getParent();
    return path.startsWith("/") || folder == null || !Files.isDirectory(folder)
        ? ""
        : "; /%s is sqlite:////%s, with four slashes".formatted(path, path);
  }

  @Override
  public void close() {
    inner.close();
  }
}
