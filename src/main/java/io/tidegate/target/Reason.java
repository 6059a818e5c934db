package io.tidegate.target;

import io.tidegate.problem.ExitCode;
import java.util.Locale;

/** Why a target is not ready, as a class that metrics and exit codes can use. */
public enum Reason {
  /** The name does not resolve, or nothing listens there. */
  UNREACHABLE(ExitCode.REFUSED, "Check the host and port"),
  /** Something accepted the connection, or the query, and did not answer in time. */
  NO_ANSWER(ExitCode.REFUSED, "Look at the server's log"),
  /** The server says that it starts, recovers, loads or stops. */
  STARTING(ExitCode.REFUSED, "Look at the server's log"),
  /** The server says that it has too many connections. */
  OVERLOADED(ExitCode.REFUSED, "Raise its connection limit or close connections"),
  /** It answers, but is a replica or read-only while a primary is required. */
  ROLE(ExitCode.REFUSED, "Point the URL at the primary, or set the target's role to any"),
  /** User or password were refused. */
  CREDENTIALS(ExitCode.CREDENTIALS, "Check the username and password"),
  /** The login is right, and the user may not use the database. */
  RIGHTS(ExitCode.CREDENTIALS, "Grant the user a right on the database, or correct its name"),
  /** The server knows no such database. */
  NO_DATABASE(ExitCode.REFUSED, "Create the database or correct its name in the URL"),
  /** TLS is refused, required, or its certificate is not trusted. */
  TLS(ExitCode.REFUSED, "Check the target's TLS settings"),
  /** The user's own readiness query failed or found nothing. */
  QUERY(ExitCode.REFUSED, "Check the readiness query"),
  /** The schema has not reached the changelog yet, or what its gate asks for. */
  SCHEMA(ExitCode.REFUSED, "Run the migration"),
  /** The server cannot be used as declared: wrong kind, wrong version, wrong file. */
  UNSUITABLE(ExitCode.REFUSED, "Correct the target's URL"),
  /** Anything else that the server answered. */
  OTHER(ExitCode.REFUSED, "Look at the server's log");

  private final ExitCode exit;
  private final String remedy;

  Reason(ExitCode exit, String remedy) {
    this.exit = exit;
    this.remedy = remedy;
  }

  /** The exit code of a run that ends since this reason is permanent. */
  public ExitCode exit() {
    return exit;
  }

  /** What to do about it in general, without a full stop. */
  public String remedy() {
    return remedy;
  }

  /** The name in JSON and metrics: lower case with dashes. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
