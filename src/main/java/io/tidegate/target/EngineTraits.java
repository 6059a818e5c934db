package io.tidegate.target;

import java.util.Set;

/**
 * What is constant about one kind of service.
 *
 * @param id stable, lower case, also the name in JSON and metrics: {@code postgresql}
 * @param name as its makers write it: {@code PostgreSQL}
 * @param schemes the URL schemes that name it, lower case, without {@code jdbc:} and without the
 *     driver part of {@code postgresql+asyncpg}; a scheme that has a plus of its own is given whole
 *     ({@code mongodb+srv})
 * @param defaultPort the port of a URL that names none; 0 for a service without a network address
 * @param changelogs what kind of changelog can be applied to it
 * @param roles whether its servers have the roles primary and replica
 */
public record EngineTraits(
    String id,
    String name,
    Set<String> schemes,
    int defaultPort,
    ChangelogKind changelogs,
    boolean roles) {

  /** Whether the service is a file rather than an address. */
  public boolean isFile() {
    return defaultPort == 0;
  }

  /** The kind of changelog that an engine takes. */
  public enum ChangelogKind {
    /** None: a changelog on such a target is a mistake. */
    NONE,
    /** Liquibase changelogs and directories of SQL files. */
    SQL,
    /** Directories of database commands in Extended JSON. */
    COMMANDS
  }
}
