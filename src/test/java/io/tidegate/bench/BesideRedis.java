package io.tidegate.bench;

import io.tidegate.servers.RedisServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Nothing to do, with a Redis that is awaited too; Liquibase, which knows none, does the rest alone. */
final class BesideRedis implements Trial {
  private final WholeRuns runs = new WholeRuns(true);

  @Override
  public String heading() {
    return runs.heading();
  }

  @Override
  public void run(Field field, int changesets, int rounds)
      throws IOException, InterruptedException {
    try (RedisServer redis = RedisServer.started()) {
      Map<String, String> target = Map.of("TIDEGATE_TARGETS_CACHE_URL", redis.url());
      runs.run(
          field.with(
              List.of(
                  Tools.cached().with("Tidegate, PostgreSQL and Redis", target),
                  Tools.uncached().with("the same, no class cache", target),
                  Tools.liquibase())),
          changesets,
          rounds);
    }
  }
}
