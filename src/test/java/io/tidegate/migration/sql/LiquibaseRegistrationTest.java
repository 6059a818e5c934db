package io.tidegate.migration.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import liquibase.change.Change;
import liquibase.logging.LogService;
import org.junit.jupiter.api.Test;

/** What Liquibase finds of ours by name: a class that was moved would be passed over in silence. */
final class LiquibaseRegistrationTest {
  @Test
  void refusedCustomChange_isFound() {
    assertThat(found(Change.class)).contains(ForbiddenChanges.RefusedCustomChange.class);
  }

  @Test
  void logService_isFound() {
    assertThat(found(LogService.class)).contains(LiquibaseThread.QuietLogService.class);
  }

  private static <T> List<Class<?>> found(Class<T> service) {
    return ServiceLoader.load(service).stream().<Class<?>>map(each -> each.type()).toList();
  }
}
