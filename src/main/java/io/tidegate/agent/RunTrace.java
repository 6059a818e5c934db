package io.tidegate.agent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run did and when: its phases, in them the targets, in them the changesets. The agent's loop
 * records it, and only where it is asked for; it is read when the agent is closed.
 */
public final class RunTrace {
  private static final String WAIT = "wait";
  private static final String MIGRATE = "migrate";

  /** Further changesets are applied, and are only counted. */
  private static final int MOST_CHANGESETS = 1000;

  /**
   * Something that took time.
   *
   * @param attributes by their names; each a {@code String} or a {@code Long}
   * @param error why it did not succeed; null: it did
   * @param parts what it consisted of, in the order begun
   */
  public record Span(
      String name,
      Instant start,
      Instant end,
      Map<String, Object> attributes,
      @Nullable String error,
      List<Span> parts) {}

  /** One that has begun. */
  private record Begun(
      String name, Instant start, Map<String, Object> attributes, List<Span> parts) {
    Begun(String name, Instant start) {
      this(name, start, new LinkedHashMap<>(), new ArrayList<>());
    }

    Begun with(String attribute, Object value) {
      attributes.put(attribute, value);
      return this;
    }

    Span end(Instant at, @Nullable String error) {
      return new Span(name, start, at, attributes, error, parts);
    }
  }

  private final List<Span> phases = new ArrayList<>();
  private final Map<String, Instant> ready = new HashMap<>();
  private @Nullable Begun phase;
  private @Nullable Begun migration;
  private @Nullable Begun changeset;
  private int changesets;

  /** Takes an event, and what is known once it has happened. */
  void submit(Event event, Snapshot after, Instant at) {
    switch (event) {
      case Event.Entered(AgentState state) -> entered(state, after, at);
      case Event.Probed(var target, var _, var _) -> {
        if (after.targets().stream()
            .anyMatch(it -> it.ready() && it.target().name().equals(target.name()))) {
          ready.putIfAbsent(target.name(), at);
        }
      }
      case Event.ChangesetStarted(var _, var id, int _, int _) -> {
        endChangeset(at, "it was not applied");
        changesets++;
        changeset =
            changesets > MOST_CHANGESETS
                ? null
                : new Begun("apply changeset", at).with("tidegate.changeset", id.toString());
      }
      case Event.ChangesetApplied _ -> endChangeset(at, null);
      case Event.Migrated(var _, var outcome) -> {
        endChangeset(at, "it was not applied");
        if (migration != null) {
          migration
              .with("tidegate.changesets.applied", (long) outcome.applied())
              .with("tidegate.changesets.before", (long) outcome.alreadyApplied())
              .with("tidegate.changesets.retried", (long) outcome.retries())
              .with("tidegate.lock.wait_ms", outcome.lockWait().toMillis());
        }
        endMigration(at, null);
      }
      case Event.MigrationFailed _ -> {
        endChangeset(at, "it was not applied");
        endMigration(at, "the migration did not finish");
      }
      case Event.Evaluated _,
          Event.LockAwaited _,
          Event.ChangesetRetried _,
          Event.ChangesetInterrupted _,
          Event.ChangesetRisky _,
          Event.Noticed _,
          Event.WatcherDied _,
          Event.RecountFailed _ -> {}
    }
  }

  private void entered(AgentState state, Snapshot after, Instant at) {
    if (!(state instanceof AgentState.Migrating && phase != null && phase.name.equals(MIGRATE))) {
      endPhase(after, at);
    }
    switch (state) {
      case AgentState.EvaluatingSettings _ -> phase = new Begun("check configuration", at);
      case AgentState.Awaiting _ -> phase = new Begun(WAIT, at);
      case AgentState.EvaluatingServers _ -> phase = new Begun("check servers", at);
      case AgentState.Migrating(String target) -> {
        phase = phase == null ? new Begun(MIGRATE, at) : phase;
        migration = new Begun("migrate target", at).with("tidegate.target", target);
      }
      case AgentState.Watching _, AgentState.Stopping _, AgentState.Failed _ -> {}
    }
  }

  private void endChangeset(Instant at, @Nullable String error) {
    if (changeset != null && migration != null) {
      migration.parts.add(changeset.end(at, error));
    }
    changeset = null;
  }

  private void endMigration(Instant at, @Nullable String error) {
    if (migration != null && phase != null) {
      phase.parts.add(migration.end(at, error));
    }
    migration = null;
  }

  private void endPhase(Snapshot after, Instant at) {
    if (phase == null) {
      return;
    }
    if (phase.name.equals(WAIT)) {
      for (Snapshot.TargetState target : after.targets()) {
        Instant since = ready.get(target.target().name());
        phase.parts.add(
            new Begun("wait for target", phase.start)
                .with("tidegate.target", target.target().name())
                .with("tidegate.engine", target.engine())
                .end(since == null ? at : since, since == null ? target.detail() : null));
      }
      ready.clear();
    }
    phases.add(phase.end(at, failure(after)));
    phase = null;
  }

  private static @Nullable String failure(Snapshot after) {
    return after.state() instanceof AgentState.Failed(var problems)
        ? problems.getFirst().line()
        : null;
  }

  /**
   * The whole run. To be called once, when the agent is closed.
   *
   * @param name of the run
   * @param last the agent's last snapshot
   * @param exit the number that the process is going to exit with
   */
  public Span end(String name, Snapshot last, Instant at, int exit) {
    endChangeset(at, "it was not applied");
    endMigration(at, exit == 0 ? null : "the migration did not finish");
    endPhase(last, at);
    String failure = failure(last);
    return new Span(
        name,
        last.started(),
        at,
        Map.of("tidegate.exit_code", (long) exit, "tidegate.changesets.begun", (long) changesets),
        exit == 0 || failure != null ? failure : "exit " + exit,
        phases);
  }
}
