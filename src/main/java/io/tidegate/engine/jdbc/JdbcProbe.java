package io.tidegate.engine.jdbc;

import io.tidegate.engine.network.AttemptThread;
import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import io.tidegate.target.SchemaGate;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Probes one target by JDBC. While awaited, each attempt has a connection of its own, and that of
 * one which finds the target ready is handed on. While watched, one connection is kept from the
 * first success on; at any failure it is dropped and the service is asked over a new one within the
 * same attempt, since after a failover an old connection may be dead, or lead to what is a replica
 * now.
 */
public final class JdbcProbe implements Probe {
  /** How connections show themselves that have no name of their own. */
  public static final String NAME = "tidegate";

  private enum Stage {
    AWAITED,
    WATCHED,
    /** Ready a moment ago, and asked for more. */
    RESUMED
  }

  private final Target target;
  private final JdbcService service;
  private final String sessionName;
  private final boolean keeps;
  private final boolean resumes;
  private final boolean handsOn;
  private final ConnectionHandoff handoff;
  private final AttemptThread thread;
  private final Object lock = new Object();
  private @Nullable KeptConnection kept;
  private boolean closed;

  /**
   * Prepares it; does no network work.
   *
   * @param nativeCode whether the driver is native code over a file: then attempts have a platform
   *     thread, and no connection is kept or handed on, since an open file says nothing of the one at
   *     its path
   * @param handoff what takes the connection of an attempt that finds the target ready
   * @param sessionName how the connection shows itself that is kept while watching
   */
  public JdbcProbe(
      Target target,
      ProbeMode mode,
      JdbcService service,
      boolean nativeCode,
      ConnectionHandoff handoff,
      String sessionName) {
    this(
        target,
        service,
        mode == ProbeMode.WATCH ? Stage.WATCHED : Stage.AWAITED,
        nativeCode,
        handoff,
        sessionName,
        false);
  }

  private JdbcProbe(
      Target target,
      JdbcService service,
      Stage stage,
      boolean nativeCode,
      ConnectionHandoff handoff,
      String sessionName,
      boolean further) {
    this.target = target;
    this.service = service;
    this.sessionName = sessionName;
    this.keeps = stage == Stage.WATCHED && !nativeCode;
    this.resumes = stage == Stage.RESUMED;
    boolean wanted = stage == Stage.AWAITED || (stage == Stage.RESUMED && further);
    // What a query of the user's own leaves behind in the session is not known.
    this.handsOn = wanted && !nativeCode && target.readinessQuery() == null;
    this.handoff = handoff;
    this.thread = new AttemptThread("probe-" + target.name(), nativeCode);
  }

  /**
   * One for more questions to a target that was ready just now, over the connection that told so. It
   * is handed on once more if there is a migration to come.
   *
   * @param asked whether another question comes before that
   */
  static JdbcProbe resuming(
      Target target,
      JdbcService service,
      boolean nativeCode,
      ConnectionHandoff handoff,
      boolean asked) {
    return new JdbcProbe(
        target,
        service,
        Stage.RESUMED,
        nativeCode,
        handoff,
        NAME,
        asked || target.changelog() != null);
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    return thread.run(() -> keeps ? watched(timeout) : fresh(timeout), timeout);
  }

  private ProbeResult watched(Duration timeout) {
    KeptConnection connection = kept;
    if (connection == null) {
      ProbeResult result = fresh(timeout);
      if (result instanceof ProbeResult.Ready) {
        keep(timeout.dividedBy(2));
      }
      return result;
    }
    try (Connection borrowed = connection.borrow()) {
      ProbeResult result = ask(borrowed);
      if (result instanceof ProbeResult.Ready) {
        return result;
      }
    } catch (SQLException | RuntimeException whateverTheNewOneSays) {
      drop();
      return fresh(timeout.dividedBy(2));
    }
    drop();
    return fresh(timeout.dividedBy(2));
  }

  private void keep(Duration patience) {
    synchronized (lock) {
      if (!closed) {
        kept = new KeptConnection(target, service, new Limits(patience, patience, sessionName));
      }
    }
  }

  private void drop() {
    synchronized (lock) {
      if (kept != null) {
        kept.close();
        kept = null;
      }
    }
  }

  private ProbeResult fresh(Duration timeout) {
    Limits limits = new Limits(timeout, timeout, NAME);
    ConnectionHandoff.Opener opener = () -> service.open(target, limits);
    try (ConnectionHandoff.Use use =
        resumes ? handoff.resumed(target, limits, opener) : handoff.fresh(target, opener)) {
      ProbeResult result = ask(use.connection());
      if (handsOn && result instanceof ProbeResult.Ready) {
        use.handOn();
      }
      return result;
    } catch (SQLException e) {
      return service.explain(e, target);
    } catch (ProblemException e) {
      return new ProbeResult.Wrong(Reason.CREDENTIALS, e.problems().getFirst().what());
    } catch (RuntimeException e) {
      // A driver that stumbles over what a half-started server sends.
      return new ProbeResult.NotYet(
          Reason.OTHER, "its answer is not understood: " + Redactor.redact(e.toString()));
    }
  }

  private ProbeResult ask(Connection connection) throws SQLException {
    ProbeResult result = service.ask(connection, target);
    String query = target.readinessQuery();
    if (result instanceof ProbeResult.Ready && query != null) {
      result = ReadinessQuery.ask(connection, query, result);
    }
    SchemaGate gate = target.schemaGate();
    return result instanceof ProbeResult.Ready ready && gate != null
        ? gate.check(connection, ready)
        : result;
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
    }
    thread.close();
    drop();
  }

  /** The user's own query, which must give at least one row. */
  static final class ReadinessQuery {
    private ReadinessQuery() {}

    /** The given result if there is a row; else why not. A lost connection is thrown. */
    static ProbeResult ask(Connection connection, String query, ProbeResult result)
        throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.setMaxRows(1);
        try (ResultSet rows = statement.executeQuery(query)) {
          return rows.next()
              ? result
              : new ProbeResult.NotYet(Reason.QUERY, "the readiness query gives no row");
        }
      } catch (SQLException e) {
        String state = e.getSQLState();
        if (state != null && (state.startsWith("08") || state.startsWith("57"))) {
          throw e;
        }
        // Not permanent: the table may be made by the migration of somebody else.
        return new ProbeResult.NotYet(
            Reason.QUERY,
            "the readiness query fails: " + Redactor.redact(NetworkFaults.firstLine(e)));
      }
    }
  }
}
