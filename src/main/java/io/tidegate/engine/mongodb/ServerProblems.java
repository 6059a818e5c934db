package io.tidegate.engine.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import io.tidegate.engine.mongodb.MongoLease.LeaseLostException;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.secret.Redactor;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.Target;
import org.bson.BsonInvalidOperationException;

/** Puts failures of the server and of the way to it into words. */
final class ServerProblems {
  private ServerProblems() {}

  /** A failure of the driver while Tidegate kept its own records. */
  static ProblemException of(MongoException e, Target target) {
    String where = "target %s (%s)".formatted(target.name(), target.url());
    String message = Redactor.redact(String.valueOf(e.getMessage()));
    // A wrong password and a certificate that is not trusted are what they are to a probe.
    if (MongoFaults.of(e, String.valueOf(target.url()))
        instanceof Wrong(Reason reason, String said)) {
      return new ProblemException(
          reason.exit(),
          said,
          where,
          reason == Reason.CREDENTIALS
              ? "Check the username and password, and that the user may read and write the database"
              : reason.remedy(),
          e);
    }
    if (e instanceof MongoCommandException) {
      return new ProblemException(
          ExitCode.NOT_READY,
          "the server refused to keep the migration's records: " + message,
          where,
          "Look at the server's log",
          e);
    }
    return new ProblemException(
        ExitCode.NOT_READY,
        "the server was lost during the migration: "
            + (e instanceof MongoInterruptedException ? "it answers nobody any more" : message),
        where,
        "Run it again when the server answers: it goes on where it was, or says what to look at",
        e);
  }

  static ProblemException leaseLost(LeaseLostException e, String target) {
    return new ProblemException(
        ExitCode.LOCKED,
        "this process did not renew the migration lease in time and another has taken it; nothing more was changed",
        "target " + target,
        "Run it again: what the other has applied is left alone",
        e);
  }

  /** A document among Tidegate's own records that Tidegate did not write. */
  static ProblemException unknownRecord(BsonInvalidOperationException e, String target) {
    return new ProblemException(
        ExitCode.CHANGELOG,
        "%s or %s holds a document that Tidegate did not write: %s"
            .formatted(
                MongoLease.COLLECTION,
                MigrationJournal.COLLECTION,
                Redactor.redact(String.valueOf(e.getMessage()))),
        "target " + target,
        "Look at both collections and delete what is not Tidegate's",
        e);
  }

  /** A command that took no effect. */
  static ProblemException refused(String place, String command, String reason) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "the server refused %s: %s".formatted(command, Redactor.redact(reason)),
            place,
            "Correct the command and run it again: nothing of this command was applied"));
  }

  /** A command that may have taken effect. */
  static ProblemException uncertain(String place, String command, String reason, String remedy) {
    return new ProblemException(
        new Problem(
            ExitCode.CHANGELOG,
            "%s failed, and may have changed something: %s"
                .formatted(command, Redactor.redact(reason)),
            place,
            remedy));
  }
}
