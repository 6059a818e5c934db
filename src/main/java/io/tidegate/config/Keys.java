package io.tidegate.config;

import io.tidegate.config.Key.Default;
import io.tidegate.config.Settings.HttpSettings;
import io.tidegate.config.Settings.WatchSettings;
import io.tidegate.logging.Logs.LogSettings;
import io.tidegate.logging.TerminationMessage;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.schema.SchemaTool;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Destructive.Policy;
import io.tidegate.target.FlywayPlaceholders;
import io.tidegate.target.LiquibaseTables;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one table of everything that can be declared. Reading, the check for unknown keys, the names
 * of environment variables and the reference in {@code docs/configuration.md} all come from it.
 */
final class Keys {
  private static final List<Key<?>> TABLE = new ArrayList<>();
  private static final Duration MOMENT = Duration.ofMillis(1);

  static final Key<Path> CONFIG =
      key(
          "config",
          ValueType.PATH,
          Path.of(SettingsReader.DEFAULT_CONFIG),
          "The YAML file to read.");
  static final Key<Path> CHANGELOG =
      key(
          "changelog",
          ValueType.PATH,
          null,
          "The changelog, where there is exactly one target that can be migrated.");
  static final Key<String> APP =
      key(
          "app",
          ValueType.LINE,
          null,
          "The name of the app, the same for all its replicas. Needed only where another app has the"
              + " same targets: replicas are counted by it.");
  static final Key<Integer> REPLICAS =
      key(
          "replicas",
          ValueType.number(1, 100_000),
          null,
          "How many replicas of the app there are.");
  static final Key<String> REPLICAS_DNS =
      key(
          "replicas-dns",
          ValueType.LINE,
          null,
          "A DNS name with one address for each replica, as `tasks.web` or a headless service.");
  static final Key<Path> SERVICE_ACCOUNT =
      key(
          "kubernetes.service-account",
          ValueType.PATH,
          Path.of("/var/run/secrets/kubernetes.io/serviceaccount"),
          "In a pod, the folder with `ca.crt`, `namespace` and `token`, read again for each count.");

  static final Key<String> URL =
      secret("targets.<name>.url", "Where the service is, in the spelling that the app uses.");
  static final Key<Path> URL_FILE =
      target(
          "url-file", ValueType.PATH, "A file that holds the URL, read again for each connection.");
  static final Key<String> USERNAME =
      target("username", ValueType.LINE, "The user, if not the one in the URL.");
  static final Key<Path> USERNAME_FILE =
      target("username-file", ValueType.PATH, "A file that holds the user.");
  static final Key<String> PASSWORD =
      secret("targets.<name>.password", "The password, if not the one in the URL.");
  static final Key<Path> PASSWORD_FILE =
      target(
          "password-file",
          ValueType.PATH,
          "A file that holds the password, read again for each connection.");

  /** How a target is connected to. */
  static final ConnectionKeys CONNECTION =
      new ConnectionKeys(URL, URL_FILE, USERNAME, USERNAME_FILE, PASSWORD, PASSWORD_FILE);

  static final Key<Path> TARGET_CHANGELOG =
      target(
          "changelog", ValueType.PATH, "A changelog file, or a directory of SQL or command files.");
  static final Key<String> CONTEXTS =
      key(
          "targets.<name>.contexts",
          ValueType.LINE,
          "",
          "Liquibase contexts; none: all changesets.");
  static final Key<String> LABELS =
      key("targets.<name>.labels", ValueType.LINE, "", "A Liquibase label expression; none: all.");
  static final Key<@Nullable Charset> ENCODING =
      add(
          new Key<>(
              "targets.<name>.encoding",
              ValueType.charset(),
              new Default<>(null, "UTF-8"),
              false,
              "The encoding of changelog files that have no byte order mark."));
  static final Key<Path> CHANGELOG_ROOT =
      target(
          "changelog-root",
          ValueType.PATH,
          "The folder from which the paths in a changelog file lead; without it, it is found out.");
  static final Key<String> IGNORE_HISTORY =
      key(
          "targets.<name>.ignore-history",
          ValueType.LINE,
          "",
          "Tables of other migration tools, separated by commas, beside which the changelog is"
              + " applied all the same.");
  static final Key<Changelog.Format> FORMAT =
      key(
          "targets.<name>.format",
          ValueType.choice(Changelog.Format.class),
          Changelog.Format.PLAIN,
          "The migration tool whose folder the changelog is, to go on where that tool stopped."
              + " `auto` finds it out from the files; `plain` is Liquibase's formats and plain files,"
              + " `liquibase` a changelog file of Liquibase alone, `sql` SQL files alone.");
  static final Key<Policy> DESTRUCTIVE =
      key(
          "targets.<name>.destructive",
          ValueType.choice(Policy.class),
          Policy.ALLOW,
          "What happens where pending SQL destroys data: a warning; a refusal unless the declared"
              + " backup is recent; or a refusal.");
  static final Key<String> DESTRUCTIVE_ACCEPTED =
      key(
          "targets.<name>.destructive-accepted",
          ValueType.LINE,
          "",
          "Changesets that run all the same, separated by commas, each as the refusal prints it:"
              + " name, `@`, digest.");
  static final Key<String> LIQUIBASE_HISTORY =
      key(
          "targets.<name>.liquibase.history-table",
          ValueType.LINE,
          LiquibaseTables.DEFAULT.history(),
          "The table of Liquibase's history, its `databaseChangeLogTableName`.");
  static final Key<String> LIQUIBASE_LOCK =
      key(
          "targets.<name>.liquibase.lock-table",
          ValueType.LINE,
          LiquibaseTables.DEFAULT.lock(),
          "The table of Liquibase's lock, its `databaseChangeLogLockTableName`.");
  static final Key<String> LIQUIBASE_SCHEMA =
      target(
          "liquibase.schema",
          ValueType.LINE,
          "On PostgreSQL, the schema of both, Liquibase's `liquibaseSchemaName`; without it, it is"
              + " found out.");

  static final Key<String> GALERA_NODE =
      target(
          "galera-node",
          ValueType.LINE,
          "The one node of a Galera cluster through which all migrations go, by its `wsrep_node_name`."
              + " Without it a Galera cluster is not migrated.");
  static final Key<Boolean> PLACEHOLDER_REPLACEMENT =
      key(
          "targets.<name>.flyway.placeholder-replacement",
          ValueType.FLAG,
          true,
          "Whether placeholders in a Flyway folder are replaced, Flyway's `placeholderReplacement`.");
  static final Key<String> PLACEHOLDER_PREFIX =
      key(
          "targets.<name>.flyway.placeholder-prefix",
          ValueType.TEXT,
          FlywayPlaceholders.NONE.prefix(),
          "What a placeholder begins with, Flyway's `placeholderPrefix`.");
  static final Key<String> PLACEHOLDER_SUFFIX =
      key(
          "targets.<name>.flyway.placeholder-suffix",
          ValueType.TEXT,
          FlywayPlaceholders.NONE.suffix(),
          "What a placeholder ends with, Flyway's `placeholderSuffix`.");
  static final Key<String> PLACEHOLDER =
      target(
          "flyway.placeholders.<placeholder>",
          ValueType.TEXT,
          "The value of a placeholder of that name in a Flyway folder.");
  static final Key<Path> PLACEHOLDER_FILE =
      target(
          "flyway.placeholders.<placeholder>-file",
          ValueType.PATH,
          "A file that holds that value, which is then masked as a secret is.");

  /** How a target is connected to for migrating, where not as for everything else. */
  static final ConnectionKeys MIGRATION =
      new ConnectionKeys(
          secret(
              "targets.<name>.migration.url",
              "Another URL of the same database, for migrating, as one that no pooler stands behind."),
          target("migration.url-file", ValueType.PATH, "A file that holds that URL."),
          target(
              "migration.username",
              ValueType.LINE,
              "Another user, for migrating, as the owner of the schema."),
          target("migration.username-file", ValueType.PATH, "A file that holds that user."),
          secret("targets.<name>.migration.password", "The password of that user."),
          target(
              "migration.password-file",
              ValueType.PATH,
              "A file that holds that password, read again for each connection."));

  static final Key<Purpose> PURPOSE =
      key(
          "targets.<name>.purpose",
          ValueType.choice(Purpose.class),
          Purpose.STORE,
          "What the app keeps there; only a cache may be lost.");
  static final Key<Role> ROLE =
      target(
          "role",
          ValueType.choice(Role.class),
          "The role a server must have; by default primary where a changelog is set or the"
              + " service has primaries and replicas, else any.");
  static final Key<Boolean> REQUIRED =
      key(
          "targets.<name>.required",
          ValueType.FLAG,
          true,
          "Whether `/ready` needs it; a target with a changelog is awaited and migrated either way.");
  static final Key<String> READINESS_QUERY =
      target(
          "readiness-query",
          ValueType.TEXT,
          "A query of your own, which must give at least one row, document or value.");

  static final Key<SchemaTool> SCHEMA_TOOL =
      target(
          "schema.tool",
          ValueType.choice(SchemaTool.class),
          "The migration tool of your own that keeps the schema; the target is ready when that has"
              + " applied what is needed.");
  static final Key<String> SCHEMA_REVISION =
      target(
          "schema.revision",
          ValueType.LINE,
          "The revision, version or migration of that tool that must be applied; several are"
              + " separated by commas.");
  static final Key<Path> SCHEMA_DIRECTORY =
      target(
          "schema.directory",
          ValueType.PATH,
          "The folder of that tool's migrations, mounted here, all of which must be applied.");
  static final Key<SchemaGateReader.Ahead> SCHEMA_AHEAD =
      key(
          "targets.<name>.schema.ahead",
          ValueType.choice(SchemaGateReader.Ahead.class),
          SchemaGateReader.Ahead.ACCEPT,
          "Whether a schema that is newer than what is needed counts as ready.");
  static final Key<String> SCHEMA_HISTORY_TABLE =
      target(
          "schema.history-table",
          ValueType.LINE,
          "The table in which that tool records what it applied, if not its own name for it; with a"
              + " schema before a dot.");

  static final Key<TlsSettings.Mode> TLS_MODE =
      key(
          "targets.<name>.tls.mode",
          ValueType.choice(TlsSettings.Mode.class),
          TlsSettings.Mode.URL,
          "How the connection is encrypted; `url`: as the URL says.");
  static final Key<Path> TLS_CA =
      target("tls.ca-file", ValueType.PATH, "PEM certificates that the server's must lead to.");
  static final Key<Path> TLS_CERTIFICATE =
      target("tls.certificate-file", ValueType.PATH, "A PEM certificate chain to present.");
  static final Key<Path> TLS_KEY =
      target("tls.key-file", ValueType.PATH, "The PEM (PKCS#8) private key of that certificate.");

  static final Key<Path> BACKUP_DIRECTORY =
      target(
          "backup.directory",
          ValueType.PATH,
          "A directory, mounted here, in which backups are written; that it holds none that is new"
              + " enough is a finding.");
  static final Key<Boolean> BACKUP_ARCHIVER =
      key(
          "targets.<name>.backup.archiver",
          ValueType.FLAG,
          false,
          "Whether PostgreSQL archives its write-ahead log; that it has not of late is a finding.");
  static final Key<Duration> BACKUP_MAX_AGE =
      key(
          "targets.<name>.backup.max-age",
          ValueType.age(),
          Duration.ofHours(26),
          "How old the newest backup, or archived segment, may be.");

  static final OverridableKey<Duration> DEADLINE =
      overridable("deadline", moment(), RetryPolicy.DEFAULT.deadline(), "How long to wait in all.");
  static final OverridableKey<Duration> ATTEMPT_TIMEOUT =
      overridable(
          "attempt-timeout",
          moment(),
          RetryPolicy.DEFAULT.attempt(),
          "How long one attempt takes.");
  static final OverridableKey<Duration> FIRST_DELAY =
      overridable(
          "first-delay", moment(), RetryPolicy.DEFAULT.firstDelay(), "The backoff's first bound.");
  static final OverridableKey<Duration> DELAY_CAP_EARLY =
      overridable(
          "delay-cap-early",
          moment(),
          RetryPolicy.DEFAULT.earlyCap(),
          "The backoff's upper bound during the first 30 s.");
  static final OverridableKey<Duration> DELAY_CAP =
      overridable(
          "delay-cap", moment(), RetryPolicy.DEFAULT.lateCap(), "Its upper bound after that.");
  static final OverridableKey<Integer> SUCCESSES =
      overridable(
          "successes",
          ValueType.number(1, 1000),
          RetryPolicy.DEFAULT.successes(),
          "How many successes in a row make a target ready.");
  static final OverridableKey<Duration> PERMANENT_GRACE =
      overridable(
          "permanent-grace",
          ValueType.duration(Duration.ZERO),
          RetryPolicy.DEFAULT.grace(),
          "How long a permanent error, as a wrong password, may last before the wait ends.");

  static final Key<Duration> WATCH_INTERVAL =
      key("watch.interval", moment(), WatchSettings.DEFAULT.interval(), "Between two probes.");
  static final Key<Integer> WATCH_FAILURES =
      key(
          "watch.failures",
          ValueType.number(1, 1000),
          WatchSettings.DEFAULT.failures(),
          "How many failures in a row make a target unready.");
  static final Key<Duration> RECOUNT =
      key(
          "watch.recount",
          moment(),
          WatchSettings.DEFAULT.recount(),
          "Between two counts of the replicas.");

  static final Key<Duration> LOCK_WAIT =
      key(
          "migration.lock-wait",
          ValueType.duration(Duration.ZERO),
          MigrationSettings.DEFAULT.migrationLockWait(),
          "How long to wait for another migrator.");
  static final Key<Duration> LOCK_TIMEOUT =
      key(
          "migration.lock-timeout",
          moment(),
          MigrationSettings.DEFAULT.tableLockTimeout(),
          "How long a statement may wait for a table's lock before it is tried again.");
  static final Key<@Nullable Duration> STATEMENT_TIMEOUT =
      add(
          new Key<>(
              "migration.statement-timeout",
              ValueType.optionalDuration(MOMENT),
              new Default<>(null, "none"),
              false,
              "How long a statement of a migration may run."));
  static final Key<Duration> STOP_GRACE =
      key(
          "migration.stop-grace",
          ValueType.duration(Duration.ZERO),
          MigrationSettings.DEFAULT.stopGrace(),
          "How long a running changeset may go on after SIGTERM.");

  static final Key<String> HTTP_HOST =
      key("http.host", ValueType.LINE, HttpSettings.DEFAULT.host(), "The address to listen on.");
  static final Key<Integer> HTTP_PORT =
      key(
          "http.port",
          ValueType.number(0, 65535),
          HttpSettings.DEFAULT.port(),
          "The port to listen on; 0 takes a free one.");
  static final Key<LogSettings.LogFormat> LOG_FORMAT =
      key(
          "log.format",
          ValueType.choice(LogSettings.LogFormat.class),
          LogSettings.DEFAULT.format(),
          "`auto`: text on a terminal, JSON lines otherwise.");
  static final Key<LogSettings.LogLevel> LOG_LEVEL =
      key(
          "log.level",
          ValueType.choice(LogSettings.LogLevel.class),
          LogSettings.DEFAULT.level(),
          "The least that is logged.");

  /** Read by {@link io.tidegate.logging.TerminationMessage}, from the environment alone. */
  static final Key<Path> TERMINATION_LOG =
      key(
          "termination-log",
          ValueType.PATH,
          Path.of(TerminationMessage.DEFAULT),
          "A file that exists, for the last words of a run; read from the environment alone.");

  static final Key<String> ACCEPT_REASON =
      key(
          "accept.<rule>.reason",
          ValueType.LINE,
          null,
          "Why the findings of the rule with this id are accepted.");
  static final Key<LocalDate> ACCEPT_UNTIL =
      key("accept.<rule>.until", ValueType.DATE, null, "The last day on which that holds.");

  private Keys() {}

  /** Every key, in the order of the reference. */
  static List<Key<?>> all() {
    return List.copyOf(TABLE);
  }

  /** A key that holds for all targets, and the one that overrides it for one target. */
  record OverridableKey<T>(Key<T> global, Key<T> target) {}

  /** The keys that say where a database is, and who connects to it. */
  record ConnectionKeys(
      Key<String> url,
      Key<Path> urlFile,
      Key<String> username,
      Key<Path> usernameFile,
      Key<String> password,
      Key<Path> passwordFile) {

    List<Key<?>> all() {
      return List.of(url, urlFile, username, usernameFile, password, passwordFile);
    }

    /** Whether a declared key is that of a URL, or of a file that holds it. */
    boolean isUrl(String key) {
      return url.matches(key) || urlFile.matches(key);
    }
  }

  private static ValueType<Duration> moment() {
    return ValueType.duration(MOMENT);
  }

  private static <T> OverridableKey<T> overridable(
      String name, ValueType<T> valueType, T fallback, String doc) {
    Key<T> global = key(name, valueType, fallback, doc);
    return new OverridableKey<>(
        global, target(name, valueType, "The same for one target; else `tidegate." + name + "`."));
  }

  private static <T> Key<T> target(String name, ValueType<T> valueType, String doc) {
    return key("targets.<name>." + name, valueType, null, doc);
  }

  private static Key<String> secret(String pattern, String doc) {
    return add(new Key<>(pattern, ValueType.TEXT, null, true, doc));
  }

  private static <T> Key<T> key(
      String pattern, ValueType<T> valueType, @Nullable T fallback, String doc) {
    Default<T> holds = fallback == null ? null : new Default<>(fallback, null);
    return add(new Key<>(pattern, valueType, holds, false, doc));
  }

  private static <T extends @Nullable Object> Key<T> add(Key<T> key) {
    TABLE.add(key);
    return key;
  }
}
