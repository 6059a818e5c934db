package io.tidegate.policy.rules;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which version of what a server says it is. What only speaks a server's protocol and has versions of
 * its own (CockroachDB, YugabyteDB, ...) is none.
 *
 * @param number its digits and dots: {@code 10.6.12}
 */
record ServerVersion(Support support, String number) {
  /** {@code 18.1}, {@code 9.6.24}, {@code 14.5 (Debian 14.5-1)}; CockroachDB says 13.0.0. */
  private static final Pattern POSTGRESQL =
      Pattern.compile("(9\\.\\d+\\.\\d+|[1-9]\\d\\.\\d+)( \\(.*\\))?");

  /** {@code 11.4.5-MariaDB-log}, with the 5.5.5- that is put before it for old replicas. */
  private static final Pattern MARIADB =
      Pattern.compile("(?:5\\.5\\.5-)?(\\d+\\.\\d+\\.\\d+)-MariaDB.*");

  /** {@code 8.4.3}, {@code 8.0.36-28} (Percona), {@code 8.0.36-0ubuntu0.22.04.1}. */
  private static final Pattern MYSQL =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+)(-\\d.*|-log|-debug|-google)?");

  private static final Pattern DOTTED = Pattern.compile("(\\d+\\.\\d+(?:\\.\\d+)?).*");

  /** Of a server, or of one of a target's servers. */
  static Optional<ServerVersion> of(Target target, Facts facts) {
    if (TargetKind.isPostgres(target)) {
      return of(Support.POSTGRESQL, POSTGRESQL, facts, "version");
    }
    if (TargetKind.isMySql(target)) {
      return of(Support.MARIADB, MARIADB, facts, "version")
          .or(() -> of(Support.MYSQL, MYSQL, facts, "version"));
    }
    if (TargetKind.isRedis(target)) {
      // Valkey also says which version of Redis it is like.
      return facts.get("valkey_version") instanceof Fact.Known
          ? of(Support.VALKEY, DOTTED, facts, "valkey_version")
          : of(Support.REDIS, DOTTED, facts, "redis_version");
    }
    return TargetKind.isMongo(target)
        ? of(Support.MONGODB, DOTTED, facts, "version")
        : Optional.empty();
  }

  private static Optional<ServerVersion> of(
      Support support, Pattern pattern, Facts facts, String fact) {
    if (facts.get(fact) instanceof Fact.Known(String text)) {
      Matcher matcher = pattern.matcher(text.strip());
      return matcher.matches()
          ? Optional.of(new ServerVersion(support, matcher.group(1)))
          : Optional.empty();
    }
    return Optional.empty();
  }
}
