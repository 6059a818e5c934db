package io.tidegate.engine.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.function.Function;

/** Commands that a test runs on its server, as its administrator. */
final class Cli {
  private Cli() {}

  static <T> T run(int port, Function<RedisCommands<String, String>, T> work) {
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
        var connection = client.connect()) {
      return work.apply(connection.sync());
    }
  }
}
