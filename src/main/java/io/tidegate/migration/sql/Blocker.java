package io.tidegate.migration.sql;

/**
 * A session whose transaction has been open for long, so that it may hold a lock that a migration
 * waits for.
 *
 * @param id what tells it from others
 * @param text its process or session, age, application and state, for people
 */
public record Blocker(String id, String text) {}
