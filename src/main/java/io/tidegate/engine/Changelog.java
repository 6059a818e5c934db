package io.tidegate.engine;

import java.nio.file.Path;

/**
 * Where a target's changelog is, and what of it applies here.
 *
 * @param path a changelog file, or a directory of SQL or command files
 * @param contexts Liquibase contexts, comma separated; empty: all
 * @param labels a Liquibase label expression; empty: all
 */
public record Changelog(Path path, String contexts, String labels) {}
