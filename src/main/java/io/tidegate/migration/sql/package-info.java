/**
 * Applying Liquibase changelogs and folders of SQL files to SQL databases. What differs from one
 * database to another is behind {@link io.tidegate.migration.sql.SqlDialect}, which the engines
 * implement. Four ways lead through it:
 *
 * <ul>
 *   <li>A migration: {@code SqlMigrator} has {@code ChangelogReader} look through the files before any
 *       server is asked. It opens the session, takes the lock ({@code LockGuard}), waits for those who do
 *       not know that lock ({@code ForeignLock}), and asks {@code Fingerprint} whether anything is to do. If
 *       so, {@code LiquibaseRunner} does it in a {@code LiquibaseThread}: it reads the changelog, compares it
 *       with the history ({@code SchemaComparison}), has {@code PreflightChecks} refuse what must not
 *       run, and visits what is pending. What is refused until then has changed nothing.
 *   <li>A changeset and its history row: {@code ChangesetApplier} runs it, tries it again, and leaves out
 *       Liquibase's commit between the two; {@code StatementExecutor} sends its statements and the row
 *       behind them; {@code IntentStore} keeps what cannot be rolled back.
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
