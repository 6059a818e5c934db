package io.tidegate.engine.postgres;

import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.ProbeResult.NotYet;
import io.tidegate.engine.ProbeResult.Wrong;
import io.tidegate.engine.Reason;
import io.tidegate.engine.Target;
import io.tidegate.engine.jdbc.Faults;
import io.tidegate.secret.Redactor;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * What PostgreSQL's errors mean for waiting.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
final class PostgresFaults {
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
      default -> new NotYet(Reason.OTHER, "PostgreSQL answers with an error: " + said);
    };
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
    String text = Faults.firstLine(failure);
    String where = Faults.where(target);
    if (text.contains("targetServerType")) {
      return new NotYet(Reason.ROLE, "no server among %s has the role asked for".formatted(where));
    }
    if (text.contains("HostnameVerifier")) {
      return new Wrong(Reason.TLS, "the certificate of %s names another host".formatted(where));
    }
    if (failure.getCause() == null && text.contains("SSL")) {
      return state.equals("08004")
          ? new Wrong(Reason.TLS, "%s does not offer TLS".formatted(where))
          : new NotYet(Reason.TLS, "%s does not answer TLS with TLS".formatted(where));
    }
    if (failure.getCause() == null && state.equals("08004")) {
      return new Wrong(Reason.CREDENTIALS, Redactor.redact(text));
    }
    return Faults.explain(failure, target);
  }
}
