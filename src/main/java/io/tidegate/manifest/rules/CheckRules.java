package io.tidegate.manifest.rules;

import java.util.List;

/** The one list of the rules over files. A test fails where one is missing. */
public final class CheckRules {
  private CheckRules() {}

  /** All of them, made anew, by name. */
  public static List<FileRule> all() {
    return List.of(
        new Capabilities(),
        new DatabaseHealth(),
        new DatabaseImage(),
        new DatabaseMemory(),
        new DatabasePort(),
        new DatabaseScaled(),
        new DatabaseVolume(),
        new DependsOn(),
        new Privileged(),
        new RedisPersistenceInFiles(),
        new RunsAsRoot(),
        new SqliteReplicasInFiles(),
        new WritableRoot(),
        new WrittenSecrets());
  }
}
