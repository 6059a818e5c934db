package io.tidegate.manifest.rules;

import java.util.List;
import java.util.stream.Stream;

/** The rules over files, by subject. A test fails where a subject is missing. */
public final class CheckRules {
  private CheckRules() {}

  /** All of them. */
  public static List<FileRule> all() {
    return Stream.of(
            DatabaseRules.ALL,
            HealthCheckRules.ALL,
            PrivilegeRules.ALL,
            RedisFileRules.ALL,
            SecretRules.ALL,
            SqliteFileRules.ALL,
            VolumeRules.ALL)
        .flatMap(List::stream)
        .toList();
  }
}
