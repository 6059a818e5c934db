package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.change.Change;
import liquibase.database.Database;
import liquibase.logging.LogService;
import liquibase.parser.ChangeLogParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LiquibaseLoaderTest {

  @Test
  void everyServiceOfTheProduct_isNamed() throws Exception {
    Path services =
        Path.of(LiquibaseLoader.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("META-INF/services");
    try (Stream<Path> files = Files.list(services)) {
      assertThat(
              files
                  .map(file -> "META-INF/services/" + file.getFileName())
                  .filter(name -> name.contains("/liquibase.")))
          .containsExactlyInAnyOrderElementsOf(LiquibaseLoader.OWN);
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Change.class, LogService.class, Database.class, ChangeLogParser.class})
  void services_areThoseOfTheWholeClassPath(Class<?> service) {
    assertThat(found(service, LiquibaseLoader.ONE))
        .isNotEmpty()
        .isEqualTo(found(service, LiquibaseLoaderTest.class.getClassLoader()));
  }

  private static Set<Class<?>> found(Class<?> service, ClassLoader loader) {
    return ServiceLoader.load(service, loader).stream()
        .map(ServiceLoader.Provider::type)
        .collect(Collectors.toSet());
  }
}
