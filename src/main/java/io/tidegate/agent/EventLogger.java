package io.tidegate.agent;

import io.tidegate.agent.Snapshot.MigrationState;
import io.tidegate.migration.Migration.MigrationOutcome;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.policy.Guard.Verdict;
import io.tidegate.policy.Rule.Finding;
import io.tidegate.policy.Severity;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the run as a log that a person on call can read: one line when something changes, a summary
 * every ten seconds of what is still missing, and no line for each attempt.
 */
final class EventLogger {
  private static final Logger LOG = LoggerFactory.getLogger("io.tidegate");
  private static final Duration SUMMARY = Duration.ofSeconds(10);

  /** What was last said of a target, so that it is not said again. */
  private final Map<String, String> said = new HashMap<>();

  /** No target has a name like this. */
  private static final String RECOUNT = "the recount";

  /** The findings that were told, each by what it says. */
  private final Set<String> foundBefore = new HashSet<>();

  /** Who was last told to hold a target's lock. */
  private final Map<String, LockWait> lockWaits = new HashMap<>();

  private final LongSupplier nanoTime;
  private long lastSummary;

  EventLogger() {
    this(System::nanoTime);
  }

  /** Takes the clock, as {@link System#nanoTime} counts. */
  EventLogger(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    lastSummary = nanoTime.getAsLong();
  }

  /** What was told, and when. */
  private record LockWait(LockHolder holder, long at) {}

  void submit(Event event, Snapshot before, Snapshot after) {
    switch (event) {
      case Event.Entered(AgentState state) -> entered(state, after);
      case Event.Probed probed -> probed(probed, before, after);
      case Event.Evaluated evaluated -> evaluated(evaluated, before, after);
      case Event.LockAwaited(var target, LockHolder holder) -> lockAwaited(target.name(), holder);
      case Event.ChangesetStarted(var target, var changeset, int number, int of) ->
          LOG.atDebug()
              .addKeyValue("target", target.name())
              .log("{}: applying {} ({} of {})", target.name(), changeset, number, of);
      case Event.ChangesetApplied(var target, var changeset, Duration took) ->
          LOG.atInfo()
              .addKeyValue("target", target.name())
              .addKeyValue("changeset", changeset.toString())
              .log("{}: applied {} in {} ms", target.name(), changeset, took.toMillis());
      case Event.ChangesetRetried(var target, var changeset, String why) ->
          LOG.atInfo()
              .addKeyValue("target", target.name())
              .addKeyValue("changeset", changeset.toString())
              .log(
                  "{}: trying {} again, since another session is in the way: {}",
                  target.name(),
                  changeset,
                  why);
      case Event.ChangesetInterrupted(var target, var what) ->
          LOG.atWarn()
              .addKeyValue("target", target.name())
              .addKeyValue("changeset", what.changeset().toString())
              .log(
                  "{}: {} was interrupted earlier, by {}: {}",
                  target.name(),
                  what.changeset(),
                  what.by(),
                  what.what());
      case Event.ChangesetRisky(var target, var changeset, String sentence) ->
          LOG.atWarn()
              .addKeyValue("target", target.name())
              .addKeyValue("changeset", changeset.toString())
              .log("{}: {} {}", target.name(), changeset, sentence);
      case Event.Noticed(var target, String sentence) ->
          LOG.atInfo().addKeyValue("target", target.name()).log("{}: {}", target.name(), sentence);
      case Event.Migrated(var target, MigrationOutcome outcome) ->
          LOG.atInfo()
              .addKeyValue("target", target.name())
              .addKeyValue("applied", outcome.applied())
              .log(
                  "{}: schema is current: {} applied now, {} before{}{}, {} ms of which {} ms waiting for the lock",
                  target.name(),
                  outcome.applied(),
                  outcome.alreadyApplied(),
                  outcome.unexpected() == 0
                      ? ""
                      : " (and " + outcome.unexpected() + " unknown to this changelog)",
                  outcome.retries() == 0 ? "" : ", " + outcome.retries() + " retries",
                  outcome.took().toMillis(),
                  outcome.lockWait().toMillis());
      case Event.WatcherDied(var target, Throwable thrown) ->
          LOG.atError()
              .addKeyValue("target", target.name())
              .setCause(thrown)
              .log(
                  "bug: what watches {} has died. Start Tidegate again, and report it with the log of"
                      + " TIDEGATE_LOG_LEVEL=debug",
                  target.name());
      case Event.RecountFailed(Throwable thrown) -> recountFailed(thrown);
      case Event.MigrationFailed(var target) ->
          LOG.atWarn()
              .addKeyValue("target", target.name())
              .log("{}: the migration did not finish", target.name());
    }
  }

  /** A holder may open a new session for each changeset: the next one is told when it is time to. */
  private void lockAwaited(String target, LockHolder holder) {
    LockWait told = lockWaits.get(target);
    long now = nanoTime.getAsLong();
    if (told != null && (told.holder().equals(holder) || now - told.at() < SUMMARY.toNanos())) {
      return;
    }
    lockWaits.put(target, new LockWait(holder, now));
    LOG.atInfo()
        .addKeyValue("target", target)
        .log(
            "{}: waiting for the migration lock, held by {}{}{}",
            target,
            holder.who(),
            holder.since() == null ? "" : " since " + holder.since(),
            holder.work() == null ? "" : ", which works on " + holder.work());
  }

  /** Says it once, not with every count, until it is another failure. */
  private void recountFailed(Throwable thrown) {
    if (!thrown.toString().equals(said.put(RECOUNT, thrown.toString()))) {
      LOG.atWarn()
          .setCause(thrown)
          .log("the replicas could not be counted again, so the last count stays");
    }
  }

  /** Called at least once a second: says what is missing, and who holds a lock, when it is time to. */
  void tick(Snapshot snapshot) {
    for (MigrationState migration : snapshot.migrations()) {
      LockHolder holder = migration.holder();
      if (holder != null) {
        lockAwaited(migration.target(), holder);
      }
    }
    if (!(snapshot.state() instanceof AgentState.Awaiting)) {
      lastSummary = nanoTime.getAsLong();
      return;
    }
    if (nanoTime.getAsLong() - lastSummary < SUMMARY.toNanos()) {
      return;
    }
    lastSummary = nanoTime.getAsLong();
    String missing =
        snapshot.targets().stream()
            .filter(state -> !state.ready())
            .map(state -> state.target().name() + " (" + state.detail() + ")")
            .collect(Collectors.joining("; "));
    if (!missing.isEmpty()) {
      LOG.info("still waiting for {}", missing);
    }
  }

  private void entered(AgentState state, Snapshot after) {
    switch (state) {
      case AgentState.EvaluatingSettings evaluating -> {}
      case AgentState.Awaiting awaiting -> {
        lastSummary = nanoTime.getAsLong();
        LOG.info(
            "waiting for {}",
            after.targets().stream()
                .map(target -> target.target().name() + " (" + target.target().url() + ")")
                .collect(Collectors.joining(", ")));
      }
      case AgentState.EvaluatingServers evaluating -> {}
      case AgentState.Migrating(String target) -> LOG.debug("{}: migrating", target);
      case AgentState.Watching watching ->
          LOG.info("all targets that are waited for are ready; watching");
      case AgentState.Stopping stopping -> LOG.info("SIGTERM: stopping");
      case AgentState.Failed failed -> {}
    }
  }

  private void evaluated(Event.Evaluated evaluated, Snapshot before, Snapshot after) {
    said.remove(RECOUNT);
    boolean watching = after.state() instanceof AgentState.Watching;
    if (watching && !evaluated.replicas().equals(before.replicas())) {
      LOG.info(
          "the replica count {}: {}",
          certainty(evaluated.replicas()).equals(certainty(before.replicas()))
              ? "is the same, and is known otherwise"
              : "has changed",
          evaluated.replicas().describe());
    }
    Verdict verdict = evaluated.verdict();
    // What refuses the start is told as the problem that ends it, not here as well.
    verdict.findings().stream()
        .filter(finding -> watching || finding.severity() != Severity.ERROR)
        .filter(finding -> foundBefore.add(said(finding, evaluated.replicas())))
        .forEach(finding -> finding(finding, false));
    verdict.accepted().stream()
        .filter(finding -> foundBefore.add(said(finding, evaluated.replicas())))
        .forEach(finding -> finding(finding, true));
    // What has gone and comes back is told again.
    foundBefore.retainAll(
        Stream.concat(verdict.findings().stream(), verdict.accepted().stream())
            .map(finding -> said(finding, evaluated.replicas()))
            .collect(Collectors.toSet()));
  }

  /** What a finding says, without the source of the count, which may change as often as it is made. */
  private static String said(Finding finding, ReplicaCount replicas) {
    return finding.severity()
        + " "
        + finding.rule().id()
        + " "
        + finding.subject()
        + ": "
        + finding.evidence().replace(replicas.describe(), certainty(replicas));
  }

  private static String certainty(ReplicaCount replicas) {
    return replicas.getClass().getSimpleName() + " " + replicas.number();
  }

  private void probed(Event.Probed probed, Snapshot before, Snapshot after) {
    String name = probed.target().name();
    boolean was = ready(before, name);
    boolean is = ready(after, name);
    switch (probed.result()) {
      case ProbeResult.Ready(String detail) -> {
        if (!was) {
          said.remove(name);
          LOG.atInfo().addKeyValue("target", name).log("{}: ready: {}", name, detail);
        }
      }
      case ProbeResult.NotYet(Reason reason, String sentence) ->
          notReady(name, was && !is, is, reason, "not yet: " + sentence);
      case ProbeResult.Wrong(Reason reason, String sentence) ->
          notReady(name, was && !is, is, reason, "wrong: " + sentence);
    }
  }

  /** Says it when the target just became unready, or when the kind of reason is a new one. */
  private void notReady(
      String name, boolean lost, boolean stillReady, Reason reason, String sentence) {
    boolean fresh = !reason.id().equals(said.put(name, reason.id()));
    if (stillReady || !(lost || fresh)) {
      LOG.debug("{}: {}", name, sentence);
      return;
    }
    LoggingEventBuilder line = lost ? LOG.atWarn() : LOG.atInfo();
    line.addKeyValue("target", name)
        .addKeyValue("reason", reason.id())
        .log("{}: {}", name, sentence);
  }

  private static boolean ready(Snapshot snapshot, String name) {
    return snapshot.targets().stream()
        .anyMatch(state -> state.target().name().equals(name) && state.ready());
  }

  /** A notice asks for nothing, so it is one short line; its danger and fix stand in /status. */
  private static void finding(Finding finding, boolean accepted) {
    Level level =
        accepted
            ? Level.INFO
            : switch (finding.severity()) {
              case ERROR -> Level.ERROR;
              case WARNING -> Level.WARN;
              case NOTICE -> Level.INFO;
            };
    LOG.atLevel(level)
        .addKeyValue("rule", finding.rule().id())
        .addKeyValue("subject", finding.subject())
        .log(
            "{}{}: {}.{}",
            accepted ? "accepted: " : "",
            finding.rule().id(),
            finding.evidence(),
            finding.severity() == Severity.NOTICE
                ? ""
                : " %s. %s."
                    .formatted(
                        finding.rule().dangerWithoutStop(), finding.rule().fixWithoutStop()));
  }
}
