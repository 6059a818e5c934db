/**
 * Applying Liquibase changelogs and folders of SQL files to SQL databases. What differs from one
 * database to another is behind {@link io.tidegate.migration.sql.SqlDialect}, which the engines
 * implement.
 */
@NullMarked
package io.tidegate.migration.sql;

import org.jspecify.annotations.NullMarked;
