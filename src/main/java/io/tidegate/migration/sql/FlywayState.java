package io.tidegate.migration.sql;

import io.tidegate.migration.sql.FlywayFile.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of Flyway's history say together.
 *
 * @param applied the last row of each migration, by its key, but of those that were deleted
 * @param baseline the newest version that was declared to be there already; null: none
 * @param failed those that did not end
 * @param unknown those that mean what cannot be done here
 */
record FlywayState(
    Map<String, Row> applied, @Nullable String baseline, List<Row> failed, List<Row> unknown) {
  /** A row of the table. */
  record Row(
      int rank,
      @Nullable String version,
      String description,
      String type,
      String script,
      @Nullable Integer checksum,
      @Nullable Instant date,
      boolean success) {
    /** The key of its migration. See {@link FlywayFile#key}. */
    String key() {
      Kind kind =
          version == null
              ? Kind.REPEATABLE
              : type.equals("SQL_BASELINE") ? Kind.BASELINE : Kind.VERSIONED;
      return FlywayFile.key(new FlywayFile(kind, version == null ? "" : version, description).id());
    }

    String name() {
      return version == null ? script : "version " + version;
    }
  }

  /** Takes all rows, in their order. */
  static FlywayState of(List<Row> rows) {
    Map<String, Row> applied = new LinkedHashMap<>();
    String baseline = null;
    List<Row> failed = new ArrayList<>();
    List<Row> unknown = new ArrayList<>();
    for (Row row : rows) {
      String version = row.version();
      boolean declares = row.type().equals("BASELINE") || row.type().equals("SQL_BASELINE");
      switch (row.type()) {
        case "SCHEMA" -> {} // Says only that Flyway has created the schema.
        case "SQL", "SQL_BASELINE", "BASELINE" -> {
          if (!row.success()) {
            failed.add(row);
          } else if (!row.type().equals("BASELINE")) {
            applied.put(row.key(), row);
          }
        }
        case "DELETE" -> {
          // By "flyway repair", of a migration that has no file any more.
          if (!row.success()) {
            unknown.add(row);
          } else if (applied.remove(row.key()) == null) {
            applied.remove("B" + row.key());
          }
        }
        default -> unknown.add(row);
      }
      if (declares
          && version != null
          && row.success()
          && (baseline == null || FlywayFile.compareVersions(version, baseline) > 0)) {
        baseline = version;
      }
    }
    return new FlywayState(applied, baseline, failed, unknown);
  }

  /** Whether a run of that migration did not end, perhaps behind one that did. */
  boolean isFailed(String key) {
    return failed.stream().anyMatch(row -> row.key().equals(key));
  }

  /** The newest version that ran or was declared; null: none. */
  @Nullable String newest() {
    return Stream.concat(
            applied.values().stream().map(Row::version).filter(version -> version != null),
            Stream.ofNullable(baseline))
        .max(FlywayFile::compareVersions)
        .orElse(null);
  }
}
