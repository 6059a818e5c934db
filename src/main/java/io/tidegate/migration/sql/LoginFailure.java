package io.tidegate.migration.sql;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import java.sql.SQLException;

/**
 * A connection that was not to be had. What that means is what it means to a probe: a wrong password
 * is one, whoever meets it.
 */
public final class LoginFailure extends SQLException {
  private final transient ProbeResult meaning;

  /**
   * Takes the driver's exception and what the engine's probe makes of it.
   *
   * @param meaning never ready
   */
  public LoginFailure(SQLException cause, ProbeResult meaning) {
    super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    this.meaning = meaning;
  }

  /** The problem to end with. */
  ProblemException problem(String target) {
    String where = "target " + target;
    return switch (meaning) {
      case Wrong(Reason reason, String sentence) ->
          new ProblemException(reason.exit(), sentence, where, reason.remedy(), this);
      case NotYet(Reason reason, String sentence) ->
          new ProblemException(ExitCode.NOT_READY, sentence, where, reason.remedy(), this);
      case Ready ready -> throw new IllegalArgumentException("a failure is not " + ready);
    };
  }
}
