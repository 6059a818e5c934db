package io.tidegate.cli;

import io.micronaut.context.BeanDefinitionsProvider;
import io.micronaut.inject.BeanDefinitionReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The definitions of the product's own beans, without those of the HTTP server. Micronaut's index of
 * them is read where these classes lie and nowhere else, so that no library is searched.
 */
final class OwnDefinitions implements BeanDefinitionsProvider {
  private static final String INDEX =
      "META-INF/micronaut/" + BeanDefinitionReference.class.getName() + "/";

  /** What only a server needs, which has a context of its own. */
  private static final List<String> SERVED = List.of("io.tidegate.http.", "io.tidegate.metrics.");

  @Override
  public List<BeanDefinitionReference<?>> provide(ClassLoader loader) {
    try {
      Path home =
          Path.of(OwnDefinitions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return names(home).stream()
          .filter(name -> SERVED.stream().noneMatch(name::startsWith))
          .<BeanDefinitionReference<?>>map(name -> reference(name, loader))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Path home) throws IOException {
    if (Files.isDirectory(home)) {
      try (Stream<Path> files = Files.list(home.resolve(INDEX))) {
        return files.map(file -> file.getFileName().toString()).toList();
      }
    }
    try (JarFile jar = new JarFile(home.toFile())) {
      return jar.stream()
          .filter(entry -> entry.getName().startsWith(INDEX) && !entry.isDirectory())
          .map(entry -> entry.getName().substring(INDEX.length()))
          .toList();
    }
  }

  private static BeanDefinitionReference<?> reference(String name, ClassLoader loader) {
    try {
      return Class.forName(name, true, loader)
          .asSubclass(BeanDefinitionReference.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no definition of the bean " + name, e);
    }
  }
}
