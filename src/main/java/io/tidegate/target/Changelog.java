package io.tidegate.target;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a target's changelog is, how it is read, and what of it applies here.
 *
 * @param path a changelog file, or a directory of SQL or command files
 * @param contexts Liquibase contexts, comma separated; empty: all
 * @param labels a Liquibase label expression; empty: all
 * @param encoding of files without a byte order mark; null: UTF-8
 * @param ignoredHistories tables in which other tools keep what they applied, beside which this
 *     changelog is to be applied all the same
 * @param root the folder from which the paths in a changelog file lead; null: it is found out
 */
public record Changelog(
    Path path,
    String contexts,
    String labels,
    @Nullable Charset encoding,
    Set<String> ignoredHistories,
    @Nullable Path root) {

  /** Copies the set. */
  public Changelog {
    ignoredHistories = Set.copyOf(ignoredHistories);
  }

  /** One in UTF-8, for a database that no other tool has migrated. */
  public Changelog(Path path, String contexts, String labels) {
    this(path, contexts, labels, null, Set.of(), null);
  }
}
