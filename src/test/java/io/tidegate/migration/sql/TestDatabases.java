package io.tidegate.migration.sql;

import io.tidegate.target.Target;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** The databases of one engine, made by tests that migrate them. */
public interface TestDatabases {
  /** The dialect under test: a new one. */
  SqlDialect dialect();

  /** Makes an empty database. */
  void create(String name);

  /** A target for that database. */
  Target target(String name, Path changelog);

  /** A connection to that database that is not the migration's. */
  Connection connect(String name) throws SQLException;

  /** A query for everything that a schema consists of, in a stable order. */
  String tablesQuery();
}
