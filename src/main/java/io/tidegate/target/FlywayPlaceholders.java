package io.tidegate.target;

import io.tidegate.secret.Redactor;
import java.util.Locale;
import java.util.Map;

/**
 * How placeholders in a Flyway folder are replaced. See <a
 * href="https://documentation.red-gate.com/flyway/flyway-concepts/migrations/migration-placeholders">what
 * Flyway does</a>.
 *
 * @param replaced whether they are; if not, they are text as any other
 * @param prefix what one begins with; not empty
 * @param suffix what one ends with; not empty
 * @param values what stands for each, by {@link #key}; may be secret
 */
public record FlywayPlaceholders(
    boolean replaced, String prefix, String suffix, Map<String, String> values) {
  /** What holds where nothing is declared. */
  public static final FlywayPlaceholders NONE = new FlywayPlaceholders(true, "${", "}", Map.of());

  /** Copies the map. */
  public FlywayPlaceholders {
    values = Map.copyOf(values);
  }

  /** A name as a part of a key in the settings spells it. */
  public static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
  }

  /** Without the values. */
  @Override
  public String toString() {
    return "FlywayPlaceholders[%s, %s, %s, %s]".formatted(replaced, prefix, suffix, Redactor.MASK);
  }
}
