package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A variable that apps use for a service by convention. Where no target's URL is declared, these are
 * the targets.
 *
 * @param variable holds the URL; with {@code _FILE} added, the path of a file that does
 * @param target the name of the target it makes
 * @param username holds the user; null: the URL does
 * @param password holds the password; null: the URL does
 */
record WellKnownVariable(
    String variable, String target, @Nullable String username, @Nullable String password) {
  private static final String FILE = PartVariableNames.FILE;

  /** Laravel's, empty in its setups of parts. */
  private static final String LARAVEL = "DB_URL";

  private static final List<String> INSTEAD = List.of("DB_HOST", "DB_DATABASE", "DB_NAME");

  /** All of them; of two that hold the same value the first counts. */
  static final List<WellKnownVariable> ALL =
      List.of(
          url("DATABASE_URL", "database"),
          url("POSTGRES_URL", "postgres"),
          url("POSTGRESQL_URL", "postgresql"),
          url("MYSQL_URL", "mysql"),
          url("MARIADB_URL", "mariadb"),
          url("REDIS_URL", "redis"),
          url("VALKEY_URL", "valkey"),
          url("MONGODB_URI", "mongodb"),
          url("MONGODB_URL", "mongodb-url"),
          url("MONGO_URL", "mongo"),
          url("MONGO_URI", "mongo-uri"),
          url("MEMCACHED_URL", "memcached"),
          url(LARAVEL, "db-url"),
          url("SQLALCHEMY_DATABASE_URI", "sqlalchemy"),
          spring("SPRING_DATASOURCE", "_URL", "spring-datasource"),
          spring("SPRING_DATA_REDIS", "_URL", "spring-redis"),
          spring("SPRING_DATA_MONGODB", "_URI", "spring-mongodb"));

  private static WellKnownVariable url(String variable, String target) {
    return new WellKnownVariable(variable, target, null, null);
  }

  private static WellKnownVariable spring(String prefix, String suffix, String target) {
    return new WellKnownVariable(
        prefix + suffix, target, prefix + "_USERNAME", prefix + "_PASSWORD");
  }

  /**
   * What these variables declare. An empty one is a secret that is missing: it is declared, and so
   * refused, unless its file is.
   */
  static List<Declared> layer(Map<String, String> environment) {
    List<Declared> layer = new ArrayList<>();
    for (WellKnownVariable known : ALL) {
      int before = layer.size();
      known.put(known.variable, Keys.URL, environment, layer);
      known.put(known.variable + FILE, Keys.URL_FILE, environment, layer);
      if (layer.size() > before && known.username != null && known.password != null) {
        known.put(known.username, Keys.USERNAME, environment, layer);
        known.put(known.username + FILE, Keys.USERNAME_FILE, environment, layer);
        known.put(known.password, Keys.PASSWORD, environment, layer);
        known.put(known.password + FILE, Keys.PASSWORD_FILE, environment, layer);
      }
    }
    return layer;
  }

  private void put(String name, Key<?> key, Map<String, String> environment, List<Declared> layer) {
    String value = environment.get(name);
    boolean url = key.tail().startsWith(".url");
    if (value == null || (value.isEmpty() && !(url && isAlone(name, environment)))) {
      return;
    }
    boolean known =
        url
            && !value.isEmpty()
            && layer.stream()
                .anyMatch(other -> key.matches(other.key()) && other.value().equals(value));
    if (!known) {
      layer.add(new Declared(key.of(target), value, name));
    }
  }

  /** Whether the file of a variable, or the variable of a file, is not set either, nor are parts. */
  private static boolean isAlone(String name, Map<String, String> environment) {
    if (name.startsWith(LARAVEL) && INSTEAD.stream().anyMatch(it -> isSet(it, environment))) {
      return false;
    }
    boolean file = name.endsWith(FILE);
    String other = file ? name.substring(0, name.length() - FILE.length()) : name + FILE;
    return file ? !environment.containsKey(other) : environment.getOrDefault(other, "").isEmpty();
  }

  private static boolean isSet(String name, Map<String, String> environment) {
    return Parts.isSet(environment, name) || Parts.isSet(environment, name + FILE);
  }
}
