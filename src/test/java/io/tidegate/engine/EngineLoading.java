package io.tidegate.engine;

import io.micronaut.context.BeanContext;
import io.tidegate.cli.SealedContext;

/** Makes every engine and asks for what it is, in a JVM of its own. */
final class EngineLoading {
  private EngineLoading() {}

  /** Prints every scheme. */
  public static void main(String[] arguments) {
    try (BeanContext context = SealedContext.own()) {
      System.out.println(context.getBean(EngineCatalog.class).schemes());
    }
  }
}
