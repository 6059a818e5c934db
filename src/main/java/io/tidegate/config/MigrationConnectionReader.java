package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.TargetUrlReader.TargetUrl;
import io.tidegate.target.Changelog;
import io.tidegate.target.Credentials;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.Target.MigrationConnection;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a target is connected to for migrating, where that is declared apart: another user, another
 * URL, or both. It has to lead to the same database: another host may be the same server behind a
 * pooler, another database never is.
 */
final class MigrationConnectionReader {
  /** What names a schema in a URL of PostgreSQL; {@code options} may do so too. */
  private static final Set<String> SCHEMA = Set.of("currentschema", "search_path", "schema");

  private final Declarations declarations;
  private final TargetUrlReader urls;
  private final Problems problems;

  MigrationConnectionReader(Declarations declarations, TargetUrlReader urls, Problems problems) {
    this.declarations = declarations;
    this.urls = urls;
    this.problems = problems;
  }

  /** Null where nothing is declared, or where it is wrong, which is noted. */
  @Nullable MigrationConnection read(
      String name,
      TargetUrl target,
      Credentials credentials,
      TlsSettings tls,
      @Nullable Changelog changelog) {
    Optional<Declared> first =
        Keys.MIGRATION.all().stream()
            .map(key -> declarations.find(key, name))
            .filter(Objects::nonNull)
            .findFirst();
    if (first.isEmpty() || !isMigrated(name, first.get(), target, changelog)) {
      return null;
    }
    Optional<TargetUrl> own = urls.url(Keys.MIGRATION, name);
    own.ifPresent(url -> {
      TargetReader.checkTls(url, tls, problems);
      TargetReader.checkHistoryTable(url, changelog, problems);
    });
    TargetUrl url = own.orElse(target);
    checkPlace(first.get().origin(), url, target);
    return new MigrationConnection(
        first.get().origin(),
        url.first().url(),
        new CredentialsReader(declarations, problems)
            .readForMigration(name, own.orElse(null), credentials),
        own.map(TargetUrl::hasInlinePassword).orElse(false));
  }

  /** Whether the target has what is declared apart. */
  private boolean isMigrated(
      String name, Declared declared, TargetUrl target, @Nullable Changelog changelog) {
    EngineTraits traits = target.first().engine().traits();
    if (changelog == null) {
      problems.add(
          declared.origin(),
          "says how %s is migrated, and it has no changelog".formatted(name),
          "Set %s too, or take it out".formatted(Keys.TARGET_CHANGELOG.variable(name)));
    } else if (traits.isFile()) {
      problems.add(
          declared.origin(),
          "%s is %s, a file, which has neither users nor another address"
              .formatted(name, traits.name()),
          "Take it out");
    }
    return changelog != null && !traits.isFile();
  }

  private void checkPlace(String origin, TargetUrl url, TargetUrl target) {
    ServiceUrl there = url.first().url();
    ServiceUrl here = target.first().url();
    EngineTraits kind = url.first().engine().traits();
    EngineTraits targets = target.first().engine().traits();
    if (!kind.id().equals(targets.id())) {
      problems.add(
          origin,
          "the URL for migrating is of %s, and that of the target of %s"
              .formatted(kind.name(), targets.name()),
          "Give another URL of the same database");
    } else if (there.path().isEmpty() || here.path().isEmpty()) {
      // What a server takes instead depends on the user, and there may be two.
      problems.add(
          there.path().isEmpty() ? url.origin() : target.origin(),
          "the URL names no database, and the target and its migration must name the same",
          "Put its name at the end of the URL");
    } else if (!there.path().equals(here.path())) {
      problems.add(
          origin,
          "the URL for migrating names the database %s, and that of the target %s"
              .formatted(there.path(), here.path()),
          "Name the same database in both");
    } else if (!schema(here).isEmpty() && !schema(here).equals(schema(there))) {
      problems.add(
          origin,
          "the URL for migrating does not name the schema that %s names".formatted(target.origin()),
          "Add the same currentSchema, search_path, schema or options to it");
    } else if (!schema(there).isEmpty() && schema(here).isEmpty()) {
      // A schema that a URL names has a history of its own: what is in another one would run again.
      problems.add(
          origin,
          "the URL for migrating names a schema, and that of %s does not"
              .formatted(target.origin()),
          "Name the same schema in both, or none, and set the search path of the role instead");
    }
  }

  /** What a URL says of the schema, which the migration must not put elsewhere. */
  private static Set<String> schema(ServiceUrl url) {
    return url.parameters().entrySet().stream()
        .filter(MigrationConnectionReader::namesSchema)
        .map(Map.Entry::getValue)
        .filter(value -> !value.isBlank())
        .collect(Collectors.toSet());
  }

  private static boolean namesSchema(Map.Entry<String, String> parameter) {
    String name = parameter.getKey().toLowerCase(Locale.ROOT);
    return SCHEMA.contains(name)
        || (name.equals("options")
            && parameter.getValue().toLowerCase(Locale.ROOT).contains("search_path"));
  }
}
