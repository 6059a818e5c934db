package io.tidegate.engine.redis;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines {@code name:value} of INFO or CLUSTER INFO. */
record Info(Map<String, String> lines) {

  static Info parse(String text) {
    Map<String, String> lines = new HashMap<>();
    text.lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0 && !line.startsWith("#")) {
            lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
          }
        });
    return new Info(Map.copyOf(lines));
  }

  @Nullable String get(String name) {
    return lines.get(name);
  }

  boolean is(String name, String value) {
    return value.equals(lines.get(name));
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Whether CONFIG GET takes several names at once: Valkey, and Redis since 7. */
  boolean takesSeveralParameters() {
    String redis = lines.getOrDefault("redis_version", "");
    return get("valkey_version") != null || redis.matches("([7-9]|[1-9]\\d+)\\..*");
  }

  /** What it is, for people: {@code Redis 7.0.15}. */
  String product() {
    String valkey = get("valkey_version");
    if (valkey != null) {
      return "Valkey " + valkey;
    }
    String redis = get("redis_version");
    return redis == null ? "Redis" : "Redis " + redis;
  }
}
