package io.tidegate.schema;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the history table of a tool says, taken in row by row. */
final class AppliedMigrations {
  private final Set<String> applied = new LinkedHashSet<>();
  private final Set<String> otherNames = new LinkedHashSet<>();
  private @Nullable String upTo;
  private @Nullable String dirty;

  /**
   * That migration is applied.
   *
   * @param names other names by which it may be asked for
   */
  void apply(String migration, String... names) {
    applied.add(migration);
    otherNames.addAll(List.of(names));
  }

  /** That migration was undone. */
  void undo(String migration) {
    applied.remove(migration);
  }

  /** That version and all before it are applied. */
  void applyUpTo(String version) {
    upTo = version;
  }

  /** That one, as people call it, has failed or still runs. */
  void dirty(String shown) {
    dirty = shown;
  }

  /** One that has failed or still runs, as people call it; null: none. */
  @Nullable String dirty() {
    return dirty;
  }

  /** Whether a migration is applied, by one of its names. */
  boolean has(String migration) {
    return applied.contains(migration)
        || otherNames.contains(migration)
        || (upTo != null && MigrationOrder.compare(migration, upTo) <= 0);
  }

  /** All migrations that are applied, each once, in the order of the rows. */
  List<String> applied() {
    return Stream.concat(Stream.ofNullable(upTo), applied.stream()).distinct().toList();
  }
}
