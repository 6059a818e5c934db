package io.tidegate.migration.sql;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Flyway itself, as an app would call it, but with class loaders of its own. */
final class RealFlyway {
  private static final Logger LOG = Logger.getLogger("org.flywaydb");

  private static @Nullable ClassLoader loader;

  private RealFlyway() {}

  /** What a command said, and whether it succeeded. */
  record Run(boolean succeeded, String said) {}

  /**
   * Runs a command.
   *
   * @param more settings that are not as they are by default
   * @param tools where {@code .ci/tools} puts it
   * @param command {@code migrate}, {@code validate}, {@code baseline} or {@code repair}
   */
  static Run run(Path tools, String jdbcUrl, Path folder, String command, Map<String, String> more)
      throws Exception {
    LOG.setLevel(Level.OFF);
    Thread current = Thread.currentThread();
    ClassLoader own = current.getContextClassLoader();
    try {
      current.setContextClassLoader(loader(tools));
      Object settings =
          loader(tools).loadClass("org.flywaydb.core.Flyway").getMethod("configure").invoke(null);
      settings =
          call(
              settings,
              "dataSource",
              String.class,
              jdbcUrl,
              String.class,
              null,
              String.class,
              null);
      settings = call(settings, "locations", String[].class, new String[] {"filesystem:" + folder});
      settings = call(settings, "configuration", Map.class, more);
      Object result = call(call(settings, "load"), command);
      return new Run(
          true,
          command.equals("migrate")
              ? "applied " + result.getClass().getField("migrationsExecuted").get(result)
              : "");
    } catch (InvocationTargetException e) {
      return new Run(false, String.valueOf(e.getCause()));
    } finally {
      current.setContextClassLoader(own);
    }
  }

  /** Calls a public method, given the type before each value. */
  private static Object call(Object on, String method, @Nullable Object... typesAndValues)
      throws Exception {
    List<Class<?>> types = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < typesAndValues.length; i += 2) {
      types.add((Class<?>) requireNonNull(typesAndValues[i]));
      values.add(typesAndValues[i + 1]);
    }
    Object result =
        on.getClass()
            .getMethod(method, types.toArray(new Class<?>[0]))
            .invoke(on, values.toArray());
    return result == null ? "" : result;
  }

  /** One for all runs: to load all of Flyway takes longer than to migrate. */
  private static synchronized ClassLoader loader(Path tools) throws Exception {
    ClassLoader known = loader;
    if (known == null) {
      known = new URLClassLoader(jars(tools), ClassLoader.getPlatformClassLoader());
      loader = known;
    }
    return known;
  }

  /** Flyway's, and the drivers of the databases. */
  private static URL[] jars(Path tools) throws Exception {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> own = Files.list(tools.resolve("flyway"))) {
      for (Path jar : own.toList()) {
        jars.add(jar.toUri().toURL());
      }
    }
    for (String jar : requireNonNull(System.getProperty("java.class.path")).split(":", -1)) {
      if (jar.matches(".*/(postgresql|mariadb-java-client|sqlite-jdbc)-[\\d.]+\\.jar")) {
        jars.add(Path.of(jar).toUri().toURL());
      }
    }
    return jars.toArray(new URL[0]);
  }
}
