package io.tidegate.engine;

import java.util.Map;

/**
 * What a live server told about itself, by the server's own names ({@code appendonly}, {@code
 * fsync}, {@code version}).
 */
public record Facts(Map<String, Fact> byName) {
  /** Nothing was asked. */
  public static final Facts NONE = new Facts(Map.of());

  /** Copies the map. */
  public Facts {
    byName = Map.copyOf(byName);
  }

  /** The fact of that name; unknown if it was never asked. */
  public Fact get(String name) {
    return byName.getOrDefault(name, new Fact.Unknown("not asked"));
  }
}
