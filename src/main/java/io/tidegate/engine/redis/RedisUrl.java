package io.tidegate.engine.redis;

import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import java.util.Map;
import java.util.regex.Pattern;

/** What a Redis URL says beyond its hosts. */
final class RedisUrl {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  private RedisUrl() {}

  static boolean isSentinel(Target target) {
    return target.url().scheme().endsWith("-sentinel");
  }

  static boolean isCluster(Target target) {
    return target.url().scheme().endsWith("-cluster");
  }

  /** The database's number: the path, or the parameter {@code database} or {@code db}; 0 otherwise. */
  static int database(Target target) {
    Map<String, String> parameters = target.url().parameters();
    String path = target.url().path();
    String number =
        path.isEmpty()
            ? parameters.getOrDefault("database", parameters.getOrDefault("db", "0"))
            : path;
    if (!NUMBER.matcher(number).matches()) {
      throw problem(
          target,
          "the database of a Redis URL is not a number",
          "Write the number of the database as its path, as in redis://cache.example:6379/0");
    }
    return Integer.parseInt(number);
  }

  /** The name of the primary that Sentinel is asked for. */
  static String primaryName(Target target) {
    String name = target.url().parameters().get("sentinelMasterId");
    if (name == null || name.isEmpty()) {
      throw problem(
          target,
          "a Sentinel URL does not name its primary",
          "Add it as in redis-sentinel://sentinel.example:26379/0#mymaster");
    }
    return name;
  }

  static ProblemException problem(Target target, String what, String remedy) {
    return new ProblemException(
        new Problem(
            ExitCode.REFUSED, what, "%s (%s)".formatted(target.name(), target.origin()), remedy));
  }
}
