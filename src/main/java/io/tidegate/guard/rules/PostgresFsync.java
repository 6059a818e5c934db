package io.tidegate.guard.rules;

import io.tidegate.engine.Fact;
import io.tidegate.guard.Evidence;
import io.tidegate.guard.Finding;
import io.tidegate.guard.Rule;
import io.tidegate.guard.RuleCard;
import io.tidegate.guard.Severity;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL that does not wait for its disk. */
@Singleton
final class PostgresFsync implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-fsync",
          "A PostgreSQL that is no cache runs with fsync off",
          "After a crash of the machine or a loss of power the whole database can be"
              + " corrupt beyond repair, not just its last transactions",
          "Set fsync = on; where commits are too slow, synchronous_commit = off loses"
              + " the last of them and corrupts nothing",
          URI.create("https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC"));

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> judge(Evidence evidence) {
    return LiveTarget.kept(evidence, TargetKind::isPostgres)
        .flatMap(live -> finding(live).stream())
        .toList();
  }

  /** The storage of a managed service is its provider's: off is not unsafe there by itself. */
  private static Optional<Finding> finding(LiveTarget live) {
    Optional<ManagedService> managed = live.managed();
    if (managed.isPresent() && managed.get().durable()) {
      return Optional.empty();
    }
    return switch (live.fact("fsync")) {
      case Fact.Known(String value) when !value.equals("off") -> Optional.empty();
      case Fact.Known(String off) when managed.isPresent() ->
          Optional.of(
              live.unknown(
                  CARD,
                  "whether fsync has to be on",
                  "it is off, and it is %s, whose storage is its provider's"
                      .formatted(managed.get().name())));
      case Fact.Known(String off) ->
          Optional.of(live.finding(CARD, Severity.WARNING, "fsync is off"));
      case Fact.Unknown(String reason) ->
          Optional.of(live.unknown(CARD, "whether fsync is on", reason));
    };
  }
}
