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

/** A PostgreSQL whose pages can be torn. */
@Singleton
final class PostgresFullPageWrites implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "postgres-full-page-writes",
          "A PostgreSQL that is no cache runs with full_page_writes off",
          "A page that was half written when the machine crashed stays a mix of old and"
              + " new rows, and nothing notices it",
          "Set full_page_writes = on, unless the file system writes pages of 8 kB whole"
              + " (as ZFS does), and accept the rule then",
          URI.create(
              "https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES"));

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
    return switch (live.fact("full_page_writes")) {
      case Fact.Known(String value) when !value.equals("off") -> Optional.empty();
      case Fact.Known(String off) when managed.isPresent() ->
          Optional.of(
              live.unknown(
                  CARD,
                  "whether full_page_writes has to be on",
                  "it is off, and it is %s, whose storage is its provider's"
                      .formatted(managed.get().name())));
      case Fact.Known(String off) ->
          Optional.of(live.finding(CARD, Severity.WARNING, "full_page_writes is off"));
      case Fact.Unknown(String reason) ->
          Optional.of(live.unknown(CARD, "whether full_page_writes is on", reason));
    };
  }
}
