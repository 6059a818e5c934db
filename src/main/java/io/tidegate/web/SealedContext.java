package io.tidegate.web;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import java.util.Map;

/**
 * How a bean context is made: from the classes and from the given properties, and from nothing else.
 * Whatever else Micronaut would read (variables such as {@code MICRONAUT_SERVER_PORT}, system
 * properties, {@code application.yml}) is meant for the app beside Tidegate, not for Tidegate.
 */
final class SealedContext {
  private SealedContext() {}

  /**
   * A builder of the context for an HTTP server, to which singletons may be added. No server starts
   * before it is asked for.
   *
   * @param properties Micronaut's own settings
   */
  static ApplicationContextBuilder serving(Map<String, Object> properties) {
    return ApplicationContext.builder()
        .deduceEnvironment(false)
        .deduceCloudEnvironment(false)
        .deducePackage(false)
        .bootstrapEnvironment(false)
        .enableDefaultPropertySources(false)
        .environmentPropertySource(false)
        .configImport(false)
        .banner(false)
        .eagerInitSingletons(false)
        .properties(properties);
  }
}
