package io.tidegate.engine.mysql;

import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.migration.sql.SqlDialect.Fault;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import java.sql.SQLException;
import java.util.Set;
import org.mariadb.jdbc.export.MaxAllowedPacketException;

/**
 * What errors of MySQL and MariaDB mean: to a login, which a probe and a migration begin with, and to
 * an open session. By number: their SQL states are too coarse to
 * tell a missing database from a missing right.
 *
 * @see <a href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">MySQL:
 *     server errors</a>
 * @see <a href="https://mariadb.com/docs/server/reference/error-codes">MariaDB: error codes</a>
 */
final class MySqlFaults {
  /**
   * The server ends the session: it stops, is not ready in its cluster, was told to kill it, cannot
   * read or write to it any more.
   */
  private static final Set<Integer> ENDS_SESSION =
      Set.of(1047, 1053, 1077, 1079, 1080, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013);

  /** The states of those errors; a {@code SIGNAL} with such a number mostly has another one. */
  private static final Set<String> STATES_OF_ENDS = Set.of("08S01", "70100", "HY000");

  /** On MySQL: the client was silent for too long. On MariaDB: a trigger is not there. */
  private static final int SILENT_OR_NO_TRIGGER = 4031;

  private static final String OF_SILENCE = "disconnected by the server because of inactivity";

  private static final int LOCK_WAIT_TIMEOUT = 1205;

  /** What the driver says of a connection that it gave up before, with the state 08000. */
  private static final int CLOSED = 1220;

  private MySqlFaults() {}

  /**
   * What an error of an open session means. What the server answers to a statement is the statement's
   * own, also "unknown database" and "access denied"; what the driver says by itself is its
   * connection's.
   */
  static Fault ofSession(SQLException failure) {
    int code = failure.getErrorCode();
    if (code == LOCK_WAIT_TIMEOUT) {
      return Fault.BLOCKED;
    }
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    boolean ofDriver = isOfDriver(code, state) && !isTooLarge(failure);
    boolean ofServer = STATES_OF_ENDS.contains(state) && endsSession(failure);
    return ofDriver || ofServer ? Fault.LOST : Fault.STATEMENT;
  }

  private static boolean isOfDriver(int code, String state) {
    return (code <= 0 && state.startsWith("08")) || (code == CLOSED && state.equals("08000"));
  }

  private static boolean endsSession(SQLException failure) {
    int code = failure.getErrorCode();
    return ENDS_SESSION.contains(code)
        || (code == SILENT_OR_NO_TRIGGER && said(failure).contains(OF_SILENCE));
  }

  /** A statement that is larger than the server takes: the driver gives up the connection over it. */
  private static boolean isTooLarge(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MaxAllowedPacketException) {
        return true;
      }
    }
    return false;
  }

  static ProbeResult explain(SQLException failure, Target target) {
    String said = Redactor.redact(said(failure));
    return switch (failure.getErrorCode()) {
      case 1040, 1203, 1226 ->
          new NotYet(Reason.OVERLOADED, "the server has too many connections: " + said);
      case 1047, 1053, 1077, 1079, 3169 ->
          new NotYet(Reason.STARTING, "the server is starting or stopping: " + said);
      case 1290, 1836 -> new NotYet(Reason.ROLE, "the server takes no writes: " + said);
      case 1045, 1130, 1251, 1698, 1820, 1862, 3118, 4151 ->
          new Wrong(Reason.CREDENTIALS, "the server refuses the credentials: " + said);
      case 1044 -> new Wrong(Reason.RIGHTS, "the user has no right on the database: " + said);
      case 1049 -> new Wrong(Reason.NO_DATABASE, noDatabase(target) + said);
      case 1129 ->
          new Wrong(
              Reason.OVERLOADED,
              "the server has blocked this host after too many broken connections: run FLUSH HOSTS"
                  + " there, and find what connects without logging in");
      case 3159 -> new Wrong(Reason.TLS, "the server wants TLS: " + said);
      default -> byState(failure, target, said);
    };
  }

  private static String noDatabase(Target target) {
    boolean created =
        target.url().parameters().keySet().stream()
            .anyMatch("createDatabaseIfNotExist"::equalsIgnoreCase);
    return created
        ? "the server has no such database, and Tidegate makes none, whatever the URL's"
            + " createDatabaseIfNotExist says: "
        : "the server has no such database: ";
  }

  private static ProbeResult byState(SQLException failure, Target target, String said) {
    String state = failure.getSQLState();
    if (state != null && state.startsWith("28")) {
      return new Wrong(Reason.CREDENTIALS, "the server refuses the credentials: " + said);
    }
    if (offersNoTls(failure)) {
      return new Wrong(Reason.TLS, "%s does not offer TLS".formatted(NetworkFaults.where(target)));
    }
    if (said.contains("hostname verification failed")) {
      return new Wrong(
          Reason.TLS,
          "the certificate of %s names another host".formatted(NetworkFaults.where(target)));
    }
    return NetworkFaults.explain(failure, target);
  }

  /** Whether TLS was asked for, and the server has none. */
  static boolean offersNoTls(SQLException failure) {
    return said(failure).contains("ssl not enabled in the server");
  }

  /** Without the connection's number, which the driver puts first: {@code (conn=12) Access denied}. */
  private static String said(SQLException failure) {
    return NetworkFaults.firstLine(failure).replaceFirst("^\\(conn=-?[0-9]+\\) ", "");
  }
}
