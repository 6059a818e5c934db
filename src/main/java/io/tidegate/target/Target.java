package io.tidegate.target;

import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A named backing service, as declared.
 *
 * @param name unique, lower case letters, digits and dashes
 * @param origin the variable, key or flag that declared its URL, for messages and findings
 * @param url where it is, without credentials
 * @param credentials who to connect as
 * @param inlinePassword whether a password stands in the URL itself rather than in a file
 * @param purpose what the app keeps there
 * @param role what role its server must have
 * @param required whether the app needs it: traffic is taken only while it is ready
 * @param readinessQuery the user's own query, which must give at least one row, document or value;
 *     null: none
 * @param tls how the connection is encrypted
 * @param changelog what is applied to it; null: nothing
 * @param retryPolicy how it is awaited
 * @param backup where a backup of it can be seen; null: not declared
 * @param schemaGate what holds it back until the tool that keeps its schema has migrated it; null:
 *     nothing
 * @param migration how it is connected to for migrating; null: as for everything else
 */
public record Target(
    String name,
    String origin,
    ServiceUrl url,
    Credentials credentials,
    boolean inlinePassword,
    Purpose purpose,
    Role role,
    boolean required,
    @Nullable String readinessQuery,
    TlsSettings tls,
    @Nullable Changelog changelog,
    RetryPolicy retryPolicy,
    @Nullable Backup backup,
    @Nullable SchemaGate schemaGate,
    @Nullable MigrationConnection migration) {

  /** One whose schema no other tool keeps, and that is migrated by the URL and user of its probes. */
  public Target(
      String name,
      String origin,
      ServiceUrl url,
      Credentials credentials,
      boolean inlinePassword,
      Purpose purpose,
      Role role,
      boolean required,
      @Nullable String readinessQuery,
      TlsSettings tls,
      @Nullable Changelog changelog,
      RetryPolicy retryPolicy,
      @Nullable Backup backup) {
    this(
        name,
        origin,
        url,
        credentials,
        inlinePassword,
        purpose,
        role,
        required,
        readinessQuery,
        tls,
        changelog,
        retryPolicy,
        backup,
        null,
        null);
  }

  /**
   * Whether a start waits for it: the app needs it, or it has a changelog, which is never passed over
   * because its server was slow.
   */
  public boolean awaited() {
    return required || changelog != null;
  }

  /**
   * The target as whatever reads or writes its schema and history has to connect to it: by {@link
   * #migration} where that is declared, else this very target. Probes, facts and rules about the app's
   * user take the target itself.
   */
  public Target forMigration() {
    return migration == null
        ? this
        : connectedBy(
            migration.origin(),
            migration.url(),
            migration.credentials(),
            migration.inlinePassword());
  }

  /** The same target at that URL, with those credentials. */
  public Target connectedBy(
      String urlOrigin, ServiceUrl otherUrl, Credentials login, boolean inline) {
    return new Target(
        name,
        urlOrigin,
        otherUrl,
        login,
        inline,
        purpose,
        role,
        required,
        readinessQuery,
        tls,
        changelog,
        retryPolicy,
        backup,
        schemaGate,
        null);
  }

  /**
   * What every connection to it does about TLS.
   *
   * @throws io.tidegate.problem.ProblemException with exit 78 if its URL does not say so clearly;
   *     settings have made sure that it does
   */
  public TlsPolicy tlsPolicy() {
    return TlsPolicy.of(url, tls, origin);
  }

  /**
   * Another URL or user of the same database, for migrating: a user that owns the schema, or an address
   * that no pooler stands behind.
   *
   * @param origin what declared it, for messages and findings
   * @param url where the database is
   * @param credentials who to connect as
   * @param inlinePassword whether a password stands in its URL itself rather than in a file
   */
  public record MigrationConnection(
      String origin, ServiceUrl url, Credentials credentials, boolean inlinePassword) {}

  /**
   * Where a backup of a target can be seen, as declared: at least one of the two.
   *
   * @param directory in which backups are written, mounted here; null: none
   * @param archiver whether PostgreSQL archives its write-ahead log
   * @param maxAge how old the newest may be
   */
  public record Backup(@Nullable Path directory, boolean archiver, Duration maxAge) {}

  /** The role that a server must have to count as ready. */
  public enum Role {
    /** It takes writes. */
    PRIMARY,
    /** Whatever answers queries. */
    ANY
  }

  /** What the app keeps in a target: it decides what losing it would mean. */
  public enum Purpose {
    CACHE,
    SESSION,
    QUEUE,
    RATE_LIMIT,
    /** Data of record: the default. */
    STORE;

    /** The purpose as it is declared: {@code rate-limit}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
