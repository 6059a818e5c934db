package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.policy.Finding;
import io.tidegate.policy.Rule;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** An app that may do anything to its database. */
final class Superuser implements Rule {
  private static final RuleCard CARD =
      new RuleCard(
          "superuser",
          Severity.WARNING,
          "A target is connected to as a superuser or root",
          "Any injection or stolen password then owns the whole server: all its"
              + " databases, users and files, and nothing limits a mistake in a migration",
          "Create a user of its own that owns just this database, and connect as that",
          URI.create("https://www.postgresql.org/docs/current/role-attributes.html"));

  private static final Set<String> MONGO_ROOTS = Set.of("root@admin", "__system@admin");

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<Finding> evaluate(Evidence evidence) {
    return Stream.of(
            LiveTarget.of(evidence, TargetKind::isPostgres).map(Superuser::postgres),
            LiveTarget.of(evidence, TargetKind::isMySql).map(Superuser::mysql),
            LiveTarget.of(evidence, TargetKind::isMongo).map(Superuser::mongo))
        .flatMap(found -> found)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Finding> postgres(LiveTarget live) {
    return evaluate(
        live,
        "superuser",
        value -> value.equals("on") ? Optional.of("its user is a superuser") : Optional.empty());
  }

  private static Optional<Finding> mysql(LiveTarget live) {
    return evaluate(
        live,
        "superuser",
        privilege ->
            privilege.isEmpty()
                ? Optional.empty()
                : Optional.of("its user has " + privilege + " on *.*"));
  }

  private static Optional<Finding> mongo(LiveTarget live) {
    return evaluate(
        live,
        "authenticatedUserRoles",
        roles ->
            Arrays.stream(roles.split(", ", -1))
                .filter(MONGO_ROOTS::contains)
                .findFirst()
                .map(role -> "its user has the role " + role));
  }

  private static Optional<Finding> evaluate(
      LiveTarget live, String fact, Function<String, Optional<String>> seen) {
    return live.evaluate(
        fact,
        CARD,
        "whether its user is a superuser",
        value -> seen.apply(value).map(told -> live.finding(CARD, Severity.WARNING, told)));
  }
}
