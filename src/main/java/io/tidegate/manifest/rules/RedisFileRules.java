package io.tidegate.manifest.rules;

import io.tidegate.manifest.rules.FileRule.Findings;
import io.tidegate.manifest.rules.VolumeRules.DataDirectory;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Platform;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Database;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.manifest.stack.Storage.Mount;
import io.tidegate.manifest.stack.Storage.MountType;
import io.tidegate.policy.Severity;
import io.tidegate.policy.SharedCards;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A Redis or Valkey that keeps nothing, or throws keys away, and what apps keep in it. */
final class RedisFileRules {
  static final List<FileRule> ALL =
      List.of(
          new FileRule(SharedCards.REDIS_EVICTION, RedisFileRules::eviction),
          new FileRule(SharedCards.REDIS_PERSISTENCE, RedisFileRules::persistence));

  /** Settings of Laravel, Celery, Sidekiq and others that put sessions or jobs somewhere. */
  private static final Pattern KEEPS_MORE =
      Pattern.compile("\\w*(?:SESSION|QUEUE|BROKER|SIDEKIQ|JOBS?)_\\w+|BROKER|SESSIONS?|QUEUE");

  /** Settings that name the server of a queue: Celery's, Sidekiq's, BullMQ's, RQ's and others'. */
  private static final Pattern NAMES_QUEUE =
      Pattern.compile("(?:\\w+_)?(?:QUEUE|BROKER|SIDEKIQ|JOBS?|BULL|BULLMQ|RQ)(?:_\\w+)?");

  /** Programs that take jobs from a queue. */
  private static final Set<String> WORKERS = Set.of("celery", "sidekiq", "rq", "rqworker");

  private static final Pattern SCHEME = Pattern.compile("(?:rediss?|valkeys?)://");

  private RedisFileRules() {}

  private static void eviction(Stack stack, Findings findings) {
    for (Container redis : stack.containers()) {
      RedisSettings settings = RedisSettings.of(redis);
      if (redis.database().filter(found -> found.is("Redis")).isPresent() && settings.mayEvict()) {
        stack.containers().stream()
            .filter(
                app -> app.database().isEmpty() && Stack.uses(app, redis) && !declaresCache(app))
            .flatMap(
                app -> queue(redis, app).map(how -> app.subject().label() + " " + how).stream())
            .findFirst()
            .ifPresent(use ->
                findings.add(
                    redis,
                    settings.evictsJobs() ? Severity.WARNING : Severity.NOTICE,
                    settings.location(),
                    "%s; %s".formatted(settings.describeEviction(), use)));
      }
    }
  }

  /** How an app keeps jobs in it; empty: it does not, as far as is known. */
  private static Optional<String> queue(Container redis, Container app) {
    Optional<String> variable =
        app.environment().stream()
            .filter(one -> NAMES_QUEUE.matcher(one.name()).matches())
            .filter(one -> Stack.names(one.known(), redis))
            .map(one -> "keeps jobs in it by " + one.name())
            .findFirst();
    boolean otherQueue =
        app.environment().stream()
            .anyMatch(
                one -> NAMES_QUEUE.matcher(one.name()).matches() && one.known().contains("://"));
    return variable.or(() ->
        app.words().stream()
            .filter(word -> !otherQueue && WORKERS.contains(word))
            .map(word -> "runs %s with it".formatted(word))
            .findFirst());
  }

  private static void persistence(Stack stack, Findings findings) {
    for (Container redis : stack.containers()) {
      Database database = redis.database().filter(found -> found.is("Redis")).orElse(null);
      if (database == null) {
        continue;
      }
      RedisSettings settings = RedisSettings.of(redis);
      Optional<Loss> loss =
          settings
              .keepsNothing()
              .map(what -> new Loss(what, Severity.ERROR))
              .or(() -> onNoVolume(redis, database));
      Optional<Container> app =
          stack.containers().stream()
              .filter(other -> other.replicas().several() && Stack.uses(other, redis))
              .filter(other -> other.database().isEmpty())
              .findFirst();
      if (loss.isPresent() && app.isPresent()) {
        persistence(redis, settings, loss.get(), app.get(), findings);
      }
    }
  }

  /**
   * Why a Redis keeps nothing.
   *
   * @param severity where it is no cache
   */
  private record Loss(String what, Severity severity) {}

  /** A container's own files are gone at its next restart; those of Compose, when it is taken down. */
  private static Optional<Loss> onNoVolume(Container redis, Database database) {
    DataDirectory data = DataDirectory.of(redis, database);
    if (!data.isLost()) {
      return Optional.empty();
    }
    boolean inMemory = data.mount().map(Mount::type).filter(MountType.TMPFS::equals).isPresent();
    boolean untilTakenDown = redis.platform() == Platform.COMPOSE && !inMemory;
    String outlived =
        switch (redis.platform()) {
          case KUBERNETES -> "the pod";
          case COMPOSE -> untilTakenDown ? "docker compose down" : "a restart";
          default -> "it";
        };
    return Optional.of(
        new Loss(
            "its data is on no volume that outlives " + outlived,
            untilTakenDown ? Severity.WARNING : Severity.ERROR));
  }

  private static void persistence(
      Container redis, RedisSettings settings, Loss loss, Container app, Findings findings) {
    Optional<String> more = heldBeyondCache(redis, app);
    if (loss.severity() == Severity.WARNING && more.isEmpty()) {
      return; // Whether what it holds is missed at all is not known.
    }
    boolean looksLikeCache =
        settings.evicts() || redis.workload().toLowerCase(Locale.ROOT).contains("cache");
    boolean cache = declaresCache(app) || (more.isEmpty() && looksLikeCache);
    findings.add(
        redis,
        cache ? Severity.NOTICE : loss.severity(),
        settings.location(),
        "%s; %s uses it%s, and %s%s"
            .formatted(
                loss.what(),
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

  private static boolean declaresCache(Container app) {
    return app.environment().stream()
        .filter(variable -> variable.name().matches("TIDEGATE_TARGETS_\\w+_PURPOSE"))
        .map(Variable::known)
        .anyMatch("cache"::equalsIgnoreCase);
  }
}
