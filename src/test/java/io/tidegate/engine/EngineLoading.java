package io.tidegate.engine;

import io.tidegate.cli.OwnBeans;

/** Makes every engine and asks for what it is, in a JVM of its own. */
final class EngineLoading {
  private EngineLoading() {}

  /** Prints every scheme. */
  public static void main(String[] arguments) {
    OwnBeans beans = new OwnBeans();
    System.out.println(beans.one(EngineCatalog.class).schemes());
  }
}
