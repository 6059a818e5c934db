package io.tidegate.cli;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.BeanContext;
import io.micronaut.context.BeanContextConfiguration;
import io.micronaut.context.BeanDefinitionsProvider;
import io.micronaut.context.DefaultBeanContext;
import java.util.Map;

/**
 * How a bean context is made: from the classes and from the given properties, and from nothing else.
 * Whatever else Micronaut would read (variables such as {@code MICRONAUT_SERVER_PORT}, system
 * properties, {@code application.yml}) is meant for the app beside Tidegate, not for Tidegate.
 */
public final class SealedContext {
  private SealedContext() {}

  /**
   * Starts a context of the product's own beans, without any that serves HTTP. It has no environment
   * and no properties, and starts in a fraction of the time that one of all beans takes.
   *
   * @return the context; whoever asked for it closes it
   */
  public static BeanContext own() {
    return new DefaultBeanContext(new Own()).start();
  }

  /**
   * A builder of the context for an HTTP server, to which singletons may be added. No server starts
   * before it is asked for.
   *
   * @param properties Micronaut's own settings, such as {@code
   *     io.tidegate.http.HttpServer.properties}
   */
  public static ApplicationContextBuilder serving(Map<String, Object> properties) {
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

  private static final class Own implements BeanContextConfiguration {
    @Override
    public BeanDefinitionsProvider getBeanDefinitionsProvider() {
      return new OwnDefinitions();
    }

    @Override
    public boolean eventsEnabled() {
      return false;
    }

    @Override
    public boolean eagerBeansEnabled() {
      return false;
    }
  }
}
