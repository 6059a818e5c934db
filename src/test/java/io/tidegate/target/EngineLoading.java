package io.tidegate.target;

import io.tidegate.cli.Composition;

/** Makes every engine and asks for what it is, in a JVM of its own. */
final class EngineLoading {
  private EngineLoading() {}

  /** Prints every scheme. */
  public static void main(String[] arguments) {
    System.out.println(new Composition().engines().schemes());
  }
}
