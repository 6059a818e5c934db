/**
 * Applying Liquibase changelogs and folders of SQL files to SQL databases. What differs from one
 * database to another is behind {@link io.tidegate.migration.sql.SqlDialect}, which the engines
 * implement. Four ways lead through it:
 *
 * <ul>
 *   <li>A migration: {@code SqlMigrator} takes the lock ({@code LockGuard}), asks {@code Fingerprint}
 *       whether anything is to do, and hands on to {@code LiquibaseRunner}.
 *   <li>A changeset and its history row: {@code ChangesetApplier} runs it and tries it again, {@code
 *       StatementExecutor} sends its statements and the row behind them; {@code OneCommitConnection}
 *       leaves out the commit between the two; {@code IntentStore} keeps what cannot be rolled back.
 *   <li>A stop: {@code LiquibaseThread} asks the run to end before its next changeset, then cancels the
 *       statement, then closes the connection.
 *   <li>A folder of another tool: {@code SupportedTool} knows its names and marks, {@code ToolFolder}
 *       and {@code UpSection} read it, {@code ToolHistory} keeps that tool's own history, {@code
 *       FlywayHistory} Flyway's.
 * </ul>
 */
@NullMarked
package io.tidegate.migration.sql;

import org.jspecify.annotations.NullMarked;
