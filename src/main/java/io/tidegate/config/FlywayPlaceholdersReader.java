package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Secret;
import io.tidegate.source.SecretNames;
import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.FlywayPlaceholders;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how placeholders in a target's Flyway folder are replaced. */
final class FlywayPlaceholdersReader {
  private static final List<Key<?>> SETTINGS =
      List.of(Keys.PLACEHOLDER_REPLACEMENT, Keys.PLACEHOLDER_PREFIX, Keys.PLACEHOLDER_SUFFIX);

  private final Declarations declarations;
  private final Problems problems;

  FlywayPlaceholdersReader(Declarations declarations, Problems problems) {
    this.declarations = declarations;
    this.problems = problems;
  }

  /** What is declared; a file that cannot be read is noted. */
  FlywayPlaceholders read(String target) {
    Map<String, String> values = new HashMap<>();
    for (Declared declared : declarations.all()) {
      Optional<String> inFile = Keys.PLACEHOLDER_FILE.second(declared.key(), target);
      if (inFile.isPresent()) {
        file(declared, inFile.get(), values);
      } else {
        Keys.PLACEHOLDER
            .second(declared.key(), target)
            .ifPresent(name -> values.put(name, inline(name, declared.value())));
      }
    }
    return new FlywayPlaceholders(
        declarations.get(Keys.PLACEHOLDER_REPLACEMENT, target),
        declarations.get(Keys.PLACEHOLDER_PREFIX, target),
        declarations.get(Keys.PLACEHOLDER_SUFFIX, target),
        values);
  }

  /** Most values are names of schemas and roles: masked everywhere, no message could be understood. */
  private static String inline(String name, String value) {
    return SecretNames.isSecret(name) ? Secret.of(value).reveal() : value;
  }

  private void file(Declared declared, String name, Map<String, String> values) {
    try {
      Path file = Keys.PLACEHOLDER_FILE.valueType().parser().parse(declared.value());
      values.put(name, Secret.of(FileText.secret(file)).reveal());
    } catch (RefusedValue e) {
      problems.add(declared.origin(), e);
    }
  }

  /** Notes what is declared where no Flyway folder can be. */
  void check(String target, @Nullable Changelog changelog) {
    if (changelog != null
        && (changelog.format() == Format.FLYWAY || changelog.format() == Format.AUTO)) {
      return;
    }
    Stream.concat(
            SETTINGS.stream().flatMap(key -> Stream.ofNullable(declarations.find(key, target))),
            declarations.all().stream()
                .filter(each -> Keys.PLACEHOLDER.second(each.key(), target).isPresent()))
        .forEach(declared ->
            problems.add(
                declared.origin(),
                "is about the placeholders of a Flyway folder, and %s has none".formatted(target),
                "Take it out, or set %s=flyway and %s too"
                    .formatted(
                        Keys.FORMAT.variable(target), Keys.TARGET_CHANGELOG.variable(target))));
  }
}
