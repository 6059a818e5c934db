package io.tidegate.engine.postgres;

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
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * What PostgreSQL's errors mean: to a login, which a probe and a migration begin with, and to an open
 * session.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
final class PostgresFaults {
  /** What a server says last, before it closes the connection. */
  private static final Set<String> LAST_WORDS =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "53300");

  /**
   * A lock that was not to be had in time, a deadlock, and a transaction that cannot be put in one order
   * with others: the server has taken the transaction back, and it may be run again.
   */
  private static final Set<String> OTHERS_IN_THE_WAY = Set.of("55P03", "40P01", "40001");

  private PostgresFaults() {}

  static ProbeResult explain(SQLException failure, Target target) {
    String said = said(failure);
    String state = failure.getSQLState();
    if (said.isEmpty() || state == null) {
      return ofDriver(failure, target, state == null ? "" : state);
    }
    return switch (state) {
      case "57P03" -> new NotYet(Reason.STARTING, "PostgreSQL is not up yet: " + said);
      case "57P01", "57P02" -> new NotYet(Reason.STARTING, "PostgreSQL is stopping: " + said);
      case "53300" -> new NotYet(Reason.OVERLOADED, "PostgreSQL has too many connections: " + said);
      case "28P01", "28000", "42501" ->
          new Wrong(Reason.CREDENTIALS, "PostgreSQL refuses the credentials: " + said);
      case "3D000" -> new Wrong(Reason.NO_DATABASE, "PostgreSQL has no such database: " + said);
      case "08P01" -> ofPooler(said);
      // Of a setting in options, or beside it.
      case "22023", "42704" ->
          new Wrong(Reason.UNSUITABLE, "PostgreSQL refuses what the URL asks for: " + said);
      default -> new NotYet(Reason.OTHER, "PostgreSQL answers with an error: " + said);
    };
  }

  /**
   * What an error of an open session means. Where the server goes on serving the session, the error is
   * the statement's own, whatever its SQLSTATE: a changeset may raise any, drop a database that is not
   * there, or reach another server by dblink.
   */
  static Fault ofSession(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (OTHERS_IN_THE_WAY.contains(state)) {
      return Fault.BLOCKED;
    }
    // PgBouncer tells of a lost server by this one, and PostgreSQL of a broken protocol.
    if (state.equals("08P01")) {
      return Fault.LOST;
    }
    if (failure instanceof PSQLException own && own.getServerErrorMessage() != null) {
      return endsSession(own.getServerErrorMessage().getSeverity(), state)
          ? Fault.LOST
          : Fault.STATEMENT;
    }
    // The driver ended the connection itself, since a function set another encoding than it speaks.
    if (String.valueOf(failure.getMessage()).contains("client_encoding")) {
      return Fault.STATEMENT;
    }
    return state.startsWith("08") ? Fault.LOST : Fault.STATEMENT;
  }

  /** The severity is translated by the server's {@code lc_messages}; English ones are known. */
  private static boolean endsSession(@Nullable String severity, String state) {
    if (severity == null) {
      return LAST_WORDS.contains(state);
    }
    return switch (severity) {
      case "FATAL", "PANIC" -> true;
      case "ERROR" -> false;
      default -> LAST_WORDS.contains(state);
    };
  }

  /**
   * PgBouncer has one SQLSTATE for all that it refuses, and its own words.
   *
   * @see <a href="https://www.pgbouncer.org/config.html">PgBouncer: ignore_startup_parameters</a>
   */
  private static ProbeResult ofPooler(String said) {
    if (said.startsWith("unsupported startup parameter")) {
      return new Wrong(
          Reason.UNSUITABLE,
          "PgBouncer refuses a parameter: %s; take it out of the URL, or add it to PgBouncer's"
                  .formatted(said)
              + " ignore_startup_parameters");
    }
    if ((said.contains("auth") && said.contains("failed"))
        || said.startsWith("no such user")
        || said.startsWith("login rejected")) {
      return new Wrong(Reason.CREDENTIALS, "PgBouncer refuses the credentials: " + said);
    }
    if (said.startsWith("no such database")
        || (said.contains("database \"") && said.contains("does not exist"))) {
      return new Wrong(Reason.NO_DATABASE, "PgBouncer has no such database: " + said);
    }
    if (said.startsWith("SSL required")) {
      return new Wrong(Reason.TLS, "PgBouncer wants TLS: " + said);
    }
    if (said.startsWith("no more connections allowed")) {
      return new NotYet(Reason.OVERLOADED, "PgBouncer has too many connections: " + said);
    }
    return new NotYet(Reason.OTHER, "PgBouncer answers with an error: " + said);
  }

  /** The server's own words; empty if the failure is the driver's. */
  private static String said(SQLException failure) {
    if (failure instanceof PSQLException own && own.getServerErrorMessage() != null) {
      String message = own.getServerErrorMessage().getMessage();
      return message == null ? "" : Redactor.redact(message);
    }
    return "";
  }

  /** The driver's texts are translated by locale; what is looked for is the same in all of them. */
  private static ProbeResult ofDriver(SQLException failure, Target target, String state) {
    String text = NetworkFaults.firstLine(failure);
    String where = NetworkFaults.where(target);
    if (text.contains("targetServerType")) {
      return new NotYet(Reason.ROLE, "no server among %s has the role asked for".formatted(where));
    }
    if (state.equals("22023") || text.contains("gssEncMode")) {
      return new Wrong(
          Reason.UNSUITABLE, "the driver does not take a parameter: " + Redactor.redact(text));
    }
    if (text.contains("HostnameVerifier")) {
      return new Wrong(Reason.TLS, "the certificate of %s names another host".formatted(where));
    }
    if (failure.getCause() == null && text.contains("SSL")) {
      return state.equals("08004")
          ? new Wrong(Reason.TLS, "%s does not offer TLS".formatted(where))
          : new NotYet(Reason.TLS, "%s did not complete the TLS handshake".formatted(where));
    }
    if (failure.getCause() == null && state.equals("08004")) {
      return new Wrong(Reason.CREDENTIALS, Redactor.redact(text));
    }
    return NetworkFaults.explain(failure, target);
  }
}
