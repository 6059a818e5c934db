package io.tidegate.manifest;

import io.tidegate.manifest.source.SecretNames;
import io.tidegate.manifest.source.SourceFile.SourceText;
import io.tidegate.manifest.stack.Container;
import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.manifest.stack.Stack;
import io.tidegate.secret.Redactor;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The secrets that stand in the files: masked wherever else they stand on a line that is shown. */
final class KnownSecrets {
  private static final int SHORTEST = 4;
  private static final int MOST = 10_000;

  /** What everybody tries first is no secret, and masking it would blank out names of images. */
  private static final Set<String> KNOWN_TO_ALL =
      Set.of(
          "postgres",
          "postgresql",
          "mysql",
          "mariadb",
          "redis",
          "mongo",
          "mongodb",
          "root",
          "admin",
          "user",
          "true",
          "false",
          "test",
          "example",
          "none");

  private final Set<String> values =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  void add(Stack stack) {
    for (Container container : stack.containers()) {
      container.environment().forEach(variable -> add(variable, variable.name()));
    }
    stack.writtenSecrets().stream()
        .map(Stack.WrittenSecret::value)
        .forEach(value ->
            add(value, value.origin() == Variable.Origin.SECRET ? "SECRET" : value.name()));
  }

  private void add(Variable variable, String name) {
    SourceText text = variable.value();
    if (text == null || !SecretNames.isSecret(name)) {
      return;
    }
    for (String value : List.of(text.value(), text.raw())) {
      boolean secret = value.length() >= SHORTEST && !value.startsWith("${");
      if (secret && !KNOWN_TO_ALL.contains(value) && values.size() < MOST) {
        values.add(value);
      }
    }
  }

  String mask(String line) {
    String masked = line;
    for (String value : values) {
      if (masked.contains(value)) {
        masked = masked.replace(value, Redactor.MASK);
      }
    }
    return masked;
  }
}
