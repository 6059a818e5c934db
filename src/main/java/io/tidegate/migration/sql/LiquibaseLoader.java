package io.tidegate.migration.sql;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import liquibase.Scope;

/**
 * Where Liquibase looks for its services and resources: in its own library, and for services of the
 * product. It asks for some forty kinds of service, and would look through every library for each. The
 * classes are those that everybody has.
 */
final class LiquibaseLoader extends URLClassLoader {
  /** The one that there is: nothing of a migration stays in it. */
  static final LiquibaseLoader ONE = new LiquibaseLoader();

  /** The services of Liquibase that the product adds to. */
  static final Set<String> OWN =
      Set.of(
          "META-INF/services/liquibase.change.Change",
          "META-INF/services/liquibase.logging.LogService");

  private final ClassLoader classes = LiquibaseLoader.class.getClassLoader();

  private LiquibaseLoader() {
    super(
        new URL[] {Scope.class.getProtectionDomain().getCodeSource().getLocation()},
        ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    return classes.loadClass(name);
  }

  @Override
  public Enumeration<URL> findResources(String name) throws IOException {
    URL own = OWN.contains(name) ? classes.getResource(name) : null;
    if (own == null) {
      return super.findResources(name);
    }
    // The product's classes are first on the class path, so that the first is its own.
    List<URL> theirs = Collections.list(super.findResources(name));
    theirs.remove(own);
    theirs.addFirst(own);
    return Collections.enumeration(theirs);
  }
}
