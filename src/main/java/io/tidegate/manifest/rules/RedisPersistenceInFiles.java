package io.tidegate.manifest.rules;

import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.policy.RuleCard;
import io.tidegate.policy.Severity;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A Redis or Valkey that keeps nothing, used by an app that may run more than once. */
final class RedisPersistenceInFiles implements FileRule {
  private static final RuleCard CARD =
      new RuleCard(
          "redis-persistence",
          Severity.ERROR,
          "Redis without persistence with more than one replica",
          "When Redis restarts, sessions, jobs, locks and counters that the replicas share are gone",
          "Switch on appendonly and mount a volume at its data directory; or, if it is only a cache,"
              + " set TIDEGATE_TARGETS_<NAME>_PURPOSE to cache",
          URI.create("https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/"));

  /** Settings of Laravel, Celery, Sidekiq and others that put sessions or jobs somewhere. */
  private static final Pattern KEEPS_MORE =
      Pattern.compile("\\w*(?:SESSION|QUEUE|BROKER|SIDEKIQ|JOBS?)_\\w+|BROKER|SESSIONS?|QUEUE");

  private static final Pattern SCHEME = Pattern.compile("(?:rediss?|valkeys?)://");

  @Override
  public RuleCard card() {
    return CARD;
  }

  @Override
  public List<FileFinding> evaluate(Stack stack) {
    List<FileFinding> findings = new ArrayList<>();
    for (Container redis : stack.containers()) {
      Optional<Database> database = redis.database().filter(found -> found.is("Redis"));
      if (database.isPresent()) {
        RedisSettings settings = RedisSettings.of(redis);
        Optional<String> nothing =
            settings.keepsNothing().or(() -> onNoVolume(redis, database.get()));
        nothing.ifPresent(why ->
            stack.containers().stream()
                .filter(app -> app.replicas().several() && Stack.uses(app, redis))
                .filter(app -> app.database().isEmpty())
                .findFirst()
                .ifPresent(app -> findings.add(finding(redis, settings, why, app))));
      }
    }
    return findings;
  }

  /** In Kubernetes a container's own files are gone at its next restart. */
  private static Optional<String> onNoVolume(Container redis, Database database) {
    if (redis.platform() != Platform.KUBERNETES) {
      return Optional.empty();
    }
    return DataPlace.of(redis, database).lost()
        ? Optional.of("its data is on no volume that outlives the pod")
        : Optional.empty();
  }

  private static FileFinding finding(
      Container redis, RedisSettings settings, String why, Container app) {
    Optional<String> more = heldBeyondCache(redis, app);
    boolean cache =
        declaredCache(app)
            || (more.isEmpty()
                && (settings.evicts()
                    || redis.workload().toLowerCase(Locale.ROOT).contains("cache")));
    return FileFinding.about(
        redis,
        CARD,
        cache ? Severity.NOTICE : Severity.ERROR,
        settings.place(),
        "%s; %s uses it%s, and %s%s"
            .formatted(
                why,
                app.subject().label(),
                more.map(name -> " by " + name).orElse(""),
                app.replicas().evidence(),
                cache ? "; it looks like a cache" : ""));
  }

  /** The variable by which an app keeps sessions or jobs in it, whatever it is called. */
  private static Optional<String> heldBeyondCache(Container redis, Container app) {
    return app.environment().stream()
        .filter(variable ->
            KEEPS_MORE.matcher(variable.name()).matches()
                && (variable.known().equalsIgnoreCase("redis")
                    || (SCHEME.matcher(variable.known()).lookingAt()
                        && Stack.names(variable.known(), redis))))
        .map(Variable::name)
        .findFirst();
  }

  private static boolean declaredCache(Container app) {
    return app.environment().stream()
        .filter(variable -> variable.name().matches("TIDEGATE_TARGETS_\\w+_PURPOSE"))
        .map(Variable::known)
        .anyMatch("cache"::equalsIgnoreCase);
  }
}
