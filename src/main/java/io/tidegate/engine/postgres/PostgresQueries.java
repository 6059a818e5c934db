package io.tidegate.engine.postgres;

import io.tidegate.migration.sql.SqlSession.CatalogQueries;

/** What is asked of PostgreSQL's catalog about what others have made in a database. */
final class PostgresQueries {
  /** See {@code SqlSession.columnsQuery}. The information schema hides tables that the user has no right on. */
  static final String COLUMNS =
      "SELECT n.nspname, c.relname, a.attname,"
          + " CASE WHEN n.nspname = ANY (current_schemas(false)) THEN 1 ELSE 0 END"
          + " FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
          + " WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
          + " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"
          + " AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')"
          + " ORDER BY 1, 2, 3";

  private static final String TABLES =
      " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " WHERE c.relkind IN ('r', 'p', 'f'%s)"
          + " AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

  /** See {@link CatalogQueries}. */
  static final CatalogQueries CATALOG =
      new CatalogQueries(
          "SELECT 1" + TABLES.formatted("") + " LIMIT 1",
          "SELECT n.nspname, c.relname, format('%I.%I', n.nspname, c.relname),"
              + " CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END,"
              + " c.relrowsecurity::int"
              + TABLES.formatted(", 'v', 'm'")
              + " AND CASE ?::text WHEN '' THEN pg_catalog.pg_table_is_visible(c.oid)"
              + " WHEN '*' THEN true ELSE lower(n.nspname) = ?::text END"
              + " AND lower(c.relname) = ?",
          "SELECT pg_catalog.format_type(a.atttypid, a.atttypmod), (NOT a.attnotnull)::int"
              + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
              + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped"
              + " WHERE n.nspname = ? AND c.relname = ? AND lower(a.attname) = ?",
          "SELECT 1" + TABLES.formatted(", 'm'") + " AND lower(n.nspname) = ? LIMIT 1",
          "SELECT 1 FROM pg_catalog.pg_database WHERE lower(datname) = ?");

  private PostgresQueries() {}

  /** Tables, views, sequences, types and routines of a schema, but those of extensions. */
  static String objects(String schema) {
    String here =
        " JOIN pg_namespace n ON n.oid = %s AND n.nspname = '" + schema.replace("'", "''") + "'";
    String own =
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')";
    return "SELECT o.relname FROM pg_class o"
        + here.formatted("o.relnamespace")
        + " WHERE o.relkind IN ('r', 'v', 'S', 't')"
        + own
        + " UNION ALL SELECT o.typname FROM pg_type o"
        + here.formatted("o.typnamespace")
        + " WHERE o.typcategory NOT IN ('A', 'C')"
        + own
        + " UNION ALL SELECT o.proname FROM pg_proc o"
        + here.formatted("o.pronamespace")
        + own.replaceFirst("AND", "WHERE");
  }
}
