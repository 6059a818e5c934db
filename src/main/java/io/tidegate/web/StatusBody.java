package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.agent.AgentState;
import io.tidegate.agent.Snapshot;
import io.tidegate.agent.Version;
import io.tidegate.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The body of {@code /status}: the whole snapshot.
 *
 * @param version which Tidegate answers
 * @param problems why the run failed; empty unless the state is {@code failed}
 */
@Introspected
record StatusBody(
    String version,
    String state,
    boolean ready,
    boolean live,
    Instant started,
    Instant since,
    List<Failure> problems,
    List<TargetBody> targets,
    List<MigrationBody> migrations,
    ReplicasBody replicas,
    GuardBody guard) {

  /** One problem, with the exit code it leads to. */
  @Introspected
  record Failure(int exit, String what, String where, String remedy) {
    static Failure of(Problem problem) {
      return new Failure(
          problem.exit().number(),
          Text.of(problem.what()),
          Text.of(problem.where()),
          Text.of(problem.remedy()));
    }
  }

  static StatusBody of(Snapshot snapshot, Duration sinceHeartbeat) {
    List<Problem> problems =
        snapshot.state() instanceof AgentState.Failed failed ? failed.problems() : List.of();
    return new StatusBody(
        Version.current(),
        snapshot.state().id(),
        snapshot.ready(),
        LiveBody.live(sinceHeartbeat),
        snapshot.started(),
        snapshot.since(),
        problems.stream().map(Failure::of).toList(),
        snapshot.targets().stream().map(TargetBody::of).toList(),
        snapshot.migrations().stream().map(MigrationBody::of).toList(),
        ReplicasBody.of(snapshot.replicas()),
        GuardBody.of(snapshot.verdict()));
  }
}
