package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.TargetUrlReader.TargetUrl;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Destructive;
import io.tidegate.target.Changelog.Destructive.Policy;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.Credentials;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.SchemaGate;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Backup;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsFiles;
import io.tidegate.target.TlsPolicy;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what is declared of one target. */
final class TargetReader {
  private static final Pattern ACCEPTED = Pattern.compile(".+@[0-9a-f]{32}");

  /** What MariaDB's driver takes in place of a certificate's path. */
  private static final Pattern NO_PATH = Pattern.compile("classpath:|file:|-----BEGIN");

  private final Declarations declarations;
  private final TargetUrlReader urls;
  private final LiquibaseTablesReader liquibase;
  private final FlywayPlaceholdersReader flyway;
  private final Problems problems;

  TargetReader(Declarations declarations, TargetUrlReader urls, Problems problems) {
    this.declarations = declarations;
    this.urls = urls;
    this.liquibase = new LiquibaseTablesReader(declarations, problems);
    this.flyway = new FlywayPlaceholdersReader(declarations, problems);
    this.problems = problems;
  }

  /**
   * Everything of a target; empty if it has no URL that can be used.
   *
   * @param shared the changelog that was declared without naming a target, if it is for this one
   */
  Optional<Target> read(String name, Optional<TargetUrl> url, @Nullable Path shared) {
    Path own = changelogPath(name);
    String contexts = declarations.get(Keys.CONTEXTS, name);
    String labels = declarations.get(Keys.LABELS, name);
    Charset encoding = declarations.get(Keys.ENCODING, name);
    Set<String> ignored = names(declarations.get(Keys.IGNORE_HISTORY, name));
    Path path = own != null ? own : shared;
    Path root = changelogRoot(name, path);
    Changelog changelog =
        path == null
            ? null
            : new Changelog(
                path,
                contexts,
                labels,
                encoding,
                ignored,
                root,
                declarations.get(Keys.FORMAT, name),
                liquibase.read(name),
                new Destructive(
                    declarations.get(Keys.DESTRUCTIVE, name),
                    names(declarations.get(Keys.DESTRUCTIVE_ACCEPTED, name))),
                declarations.getOrNull(Keys.GALERA_NODE, name),
                flyway.read(name));
    boolean roles = url.map(at -> at.first().engine().traits().roles()).orElse(false);
    Role role = declarations.getOrNull(Keys.ROLE, name);
    if (role == null) {
      role = changelog != null || roles ? Role.PRIMARY : Role.ANY;
    }
    Role required = role;
    var purpose = declarations.get(Keys.PURPOSE, name);
    boolean needed = declarations.get(Keys.REQUIRED, name);
    String query = declarations.getOrNull(Keys.READINESS_QUERY, name);
    TlsSettings tls = tls(name);
    RetryPolicy retryPolicy = retryPolicy(name);
    Backup backup = backup(name);
    SchemaGate gate =
        new SchemaGateReader(declarations, problems)
            .read(name, changelog, url.map(at -> at.first().engine().traits()).orElse(null));
    return url.map(at -> {
      checkChangelog(name, at.first().engine().traits());
      checkFormat(name, changelog, at.first().engine().traits());
      checkHistoryTable(at, changelog, problems);
      liquibase.check(name, changelog, at.first().engine().traits());
      flyway.check(name, changelog);
      checkDestructive(name, changelog, backup, at.first().engine().traits());
      checkGaleraNode(name, changelog, at.first().engine().traits());
      checkTls(at, tls, problems);
      Credentials credentials = new CredentialsReader(declarations, problems).read(name, at);
      return new Target(
          name,
          at.origin(),
          at.first().url(),
          credentials,
          at.hasInlinePassword(),
          purpose,
          required,
          needed,
          query,
          tls,
          changelog,
          retryPolicy,
          backup,
          gate,
          new MigrationConnectionReader(declarations, urls, problems)
              .read(name, at, credentials, tls, changelog));
    });
  }

  /** That the directory exists is a rule's to check: a lost backup must not stop the app. */
  private @Nullable Backup backup(String name) {
    Path directory = declarations.getOrNull(Keys.BACKUP_DIRECTORY, name);
    boolean archiver = declarations.get(Keys.BACKUP_ARCHIVER, name);
    Duration maxAge = declarations.get(Keys.BACKUP_MAX_AGE, name);
    Declared age = declarations.find(Keys.BACKUP_MAX_AGE, name);
    if (directory != null || archiver) {
      return new Backup(directory, archiver, maxAge);
    }
    if (age != null && declarations.find(Keys.BACKUP_DIRECTORY, name) == null) {
      problems.add(
          age.origin(),
          "is the age of a backup that is not declared",
          "Set %s or %s=true too"
              .formatted(
                  Keys.BACKUP_DIRECTORY.variable(name), Keys.BACKUP_ARCHIVER.variable(name)));
    }
    return null;
  }

  private @Nullable Path changelogPath(String name) {
    Path path = declarations.getOrNull(Keys.TARGET_CHANGELOG, name);
    if (path != null) {
      checkReadable(path, declarations.origin(Keys.TARGET_CHANGELOG, name), problems);
    }
    return path;
  }

  /** Null where none is declared; a path in a changelog must not lead to where nobody looks. */
  private @Nullable Path changelogRoot(String name, @Nullable Path changelog) {
    Path root = declarations.getOrNull(Keys.CHANGELOG_ROOT, name);
    if (root == null) {
      return null;
    }
    if (changelog == null
        || !Files.isRegularFile(changelog)
        || !changelog.toAbsolutePath().normalize().startsWith(root.toAbsolutePath().normalize())) {
      problems.add(
          declarations.origin(Keys.CHANGELOG_ROOT, name),
          "does not hold the target's changelog file",
          "Name the folder in which the paths begin that the changelog names, as src/main/resources");
      return null;
    }
    return root;
  }

  private static Set<String> names(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private void checkChangelog(String name, EngineTraits traits) {
    Declared declared = declarations.find(Keys.TARGET_CHANGELOG, name);
    if (declared != null && traits.changelogs() == ChangelogKind.NONE) {
      problems.add(
          declared.origin(),
          "%s is %s, which takes no changelog".formatted(name, traits.name()),
          "Take the changelog out, or set it on the target that it is for");
    }
  }

  /** A format is that of a folder of SQL files. */
  private void checkFormat(String name, @Nullable Changelog changelog, EngineTraits traits) {
    Declared format = declarations.find(Keys.FORMAT, name);
    if (format != null && changelog == null) {
      problems.add(
          format.origin(),
          "names the format of a changelog, and %s has none".formatted(name),
          "Set %s too".formatted(Keys.TARGET_CHANGELOG.variable(name)));
    } else if (changelog != null
        && changelog.format().namesTool()
        && traits.changelogs() != ChangelogKind.SQL) {
      problems.add(
          Objects.requireNonNull(format).origin(),
          "%s is %s, which has no migrations in that format".formatted(name, traits.name()),
          "Leave the format out");
    }
  }

  /**
   * A history of another name is not read, so that each migration would run once more.
   *
   * @see <a href="https://github.com/golang-migrate/migrate/tree/master/database/postgres">x-migrations-table</a>
   */
  static void checkHistoryTable(TargetUrl url, @Nullable Changelog changelog, Problems problems) {
    if (changelog == null
        || !Set.of(Format.GOLANG_MIGRATE, Format.AUTO).contains(changelog.format())) {
      return;
    }
    String table = url.first().url().parameters().get("x-migrations-table");
    if (table != null && !table.isEmpty() && !table.equals("schema_migrations")) {
      problems.add(
          url.origin(),
          "its x-migrations-table names another history than schema_migrations, which is not read",
          "Rename that table to schema_migrations, and take the parameter out");
    }
  }

  private void checkGaleraNode(String name, @Nullable Changelog changelog, EngineTraits traits) {
    Declared declared = declarations.find(Keys.GALERA_NODE, name);
    if (declared != null && (changelog == null || !traits.id().equals("mysql"))) {
      problems.add(
          declared.origin(),
          "names the node of MariaDB or MySQL that is migrated, and %s is none that is"
              .formatted(name),
          "Take it out");
    }
  }

  /** What is asked of pending SQL needs pending SQL, and a backup that is asked for has to be declared. */
  private void checkDestructive(
      String name, @Nullable Changelog changelog, @Nullable Backup backup, EngineTraits traits) {
    for (Key<?> key : List.of(Keys.DESTRUCTIVE, Keys.DESTRUCTIVE_ACCEPTED)) {
      Declared declared = declarations.find(key, name);
      if (declared != null && changelog == null) {
        problems.add(
            declared.origin(),
            "is about the statements of a changelog, and %s has none".formatted(name),
            "Set %s too".formatted(Keys.TARGET_CHANGELOG.variable(name)));
      } else if (declared != null && traits.changelogs() != ChangelogKind.SQL) {
        problems.add(
            declared.origin(),
            "%s is %s, and only statements of SQL are looked at".formatted(name, traits.name()),
            "Leave it out");
      }
    }
    if (changelog == null) {
      return;
    }
    if (changelog.destructive().policy() == Policy.NEEDS_BACKUP && backup == null) {
      problems.add(
          declarations.origin(Keys.DESTRUCTIVE, name),
          "asks for a backup, and none is declared",
          "Set %s or %s=true too"
              .formatted(
                  Keys.BACKUP_DIRECTORY.variable(name), Keys.BACKUP_ARCHIVER.variable(name)));
    }
    for (String accepted : changelog.destructive().accepted()) {
      if (!ACCEPTED.matcher(accepted).matches()) {
        problems.add(
            declarations.origin(Keys.DESTRUCTIVE_ACCEPTED, name),
            "has an entry that is no changeset with its digest",
            "Write each as the refusal prints it: name, @ and 32 hexadecimal digits");
      }
    }
  }

  private TlsSettings tls(String name) {
    TlsSettings.Mode mode = declarations.get(Keys.TLS_MODE, name);
    Path certificate = readable(Keys.TLS_CERTIFICATE, name);
    Path key = readable(Keys.TLS_KEY, name);
    if ((certificate == null) != (key == null)) {
      problems.add(
          "target " + name,
          "a client certificate needs a key, and a key a certificate",
          "Set both %s and %s".formatted(Keys.TLS_CERTIFICATE.of(name), Keys.TLS_KEY.of(name)));
    }
    return new TlsSettings(mode, readable(Keys.TLS_CA, name), certificate, key);
  }

  /** A URL that does not say clearly what it wants of TLS is refused before anything is connected. */
  static void checkTls(TargetUrl url, TlsSettings tls, Problems problems) {
    try {
      TlsPolicy.Level level = TlsPolicy.of(url.first().url(), tls, url.origin()).level();
      // Files that are not used are not looked at, such as those of sslmode=disable.
      TlsFiles files = TlsFiles.of(url.first().url());
      if (level.verifies() && tls.caFile() == null) {
        checkTlsFile(url, files.ca(), problems);
      }
      if (level.insists() && tls.certificateFile() == null) {
        checkTlsFile(url, files.certificate(), problems);
        checkTlsFile(url, files.key(), problems);
      }
    } catch (ProblemException e) {
      Problem problem = e.problems().getFirst();
      problems.add(url.origin(), problem.what(), problem.remedy());
    }
  }

  private static void checkTlsFile(TargetUrl url, @Nullable String file, Problems problems) {
    if (file == null || NO_PATH.matcher(file).lookingAt()) {
      return;
    }
    try {
      checkReadable(Path.of(file), url.origin(), problems);
    } catch (InvalidPathException e) {
      problems.add(url.origin(), "names a TLS file that can be none", "Correct the path");
    }
  }

  private @Nullable Path readable(Key<Path> key, String name) {
    Path path = declarations.getOrNull(key, name);
    if (path == null) {
      return null;
    }
    String origin = declarations.origin(key, name);
    if (checkReadable(path, origin, problems) && Files.isDirectory(path)) {
      problems.add(origin, "names %s, a directory".formatted(path), "Name a file");
    }
    return path;
  }

  /** Whether a file or directory can be read; if not, the problem is noted. */
  static boolean checkReadable(Path path, String origin, Problems problems) {
    if (!Files.exists(path)) {
      problems.add(
          origin,
          "names %s, which does not exist".formatted(path),
          "Correct the path, or mount it there");
      return false;
    }
    if (!Files.isReadable(path)) {
      problems.add(
          origin,
          "names %s, which cannot be read".formatted(path),
          "Make it readable for the user that Tidegate runs as");
      return false;
    }
    return true;
  }

  private RetryPolicy retryPolicy(String name) {
    return new RetryPolicy(
        declarations.get(Keys.DEADLINE, name),
        declarations.get(Keys.ATTEMPT_TIMEOUT, name),
        declarations.get(Keys.FIRST_DELAY, name),
        declarations.get(Keys.DELAY_CAP_EARLY, name),
        declarations.get(Keys.DELAY_CAP, name),
        declarations.get(Keys.SUCCESSES, name),
        declarations.get(Keys.PERMANENT_GRACE, name));
  }
}
