package io.tidegate.agent;

import io.tidegate.migration.Migration;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ready only when the target is, and another has applied its whole changelog. Reading a long changelog
 * may take longer than an attempt: it is not cut short, and ends by itself where the server falls
 * silent, since each answer is waited for only so long.
 */
final class SchemaProbe implements Probe {
  private static final int NAMED = 3;

  private final Probe probe;
  private final Migration migration;

  SchemaProbe(Probe probe, Migration migration) {
    this.probe = probe;
    this.migration = migration;
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    ProbeResult result = probe.attempt(timeout);
    return result instanceof ProbeResult.Ready ? schema(result) : result;
  }

  private ProbeResult schema(ProbeResult ready) throws InterruptedException {
    try {
      MigrationStatus status = migration.status();
      if (!status.problems().isEmpty()) {
        return new ProbeResult.NotYet(Reason.SCHEMA, status.problems().getFirst().what());
      }
      List<Pending> pending = status.pending().stream().filter(Pending::awaited).toList();
      if (pending.isEmpty()) {
        return ready;
      }
      String named =
          pending.stream()
              .limit(NAMED)
              .map(one -> one.changeset().toString())
              .collect(Collectors.joining(", "));
      return new ProbeResult.NotYet(
          Reason.SCHEMA,
          "the schema waits for %d changeset%s: %s%s%s"
              .formatted(
                  pending.size(),
                  pending.size() == 1 ? "" : "s",
                  named,
                  pending.size() > NAMED ? ", ..." : "",
                  status.holder() == null ? "" : "; " + status.holder().who() + " migrates"));
    } catch (ProblemException e) {
      // The schema may be looked at by another user than the one that the probe has tried.
      String what = e.problems().getFirst().what();
      return e.exit() == ExitCode.CREDENTIALS
          ? new ProbeResult.Wrong(Reason.CREDENTIALS, what)
          : new ProbeResult.NotYet(Reason.SCHEMA, what);
    }
  }

  @Override
  public void close() {
    probe.close();
  }
}
