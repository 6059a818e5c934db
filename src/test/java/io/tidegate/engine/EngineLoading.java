package io.tidegate.engine;

import io.micronaut.context.ApplicationContext;
import io.tidegate.cli.SealedContext;
import java.util.Map;

/** Makes every engine and asks for what it is, in a JVM of its own. */
final class EngineLoading {
  private EngineLoading() {}

  /** Prints every scheme. */
  public static void main(String[] arguments) {
    try (ApplicationContext context = SealedContext.builder(Map.of()).start()) {
      System.out.println(context.getBean(EngineCatalog.class).schemes());
    }
  }
}
