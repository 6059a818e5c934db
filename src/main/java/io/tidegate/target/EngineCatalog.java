package io.tidegate.target;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** All engines, found by URL scheme. Two engines that claim one scheme stop the start. */
public final class EngineCatalog {
  private final Map<String, Engine> byScheme = new LinkedHashMap<>();

  /** Takes every engine there is. */
  public EngineCatalog(Collection<Engine> engines) {
    for (Engine engine : engines) {
      for (String scheme : engine.traits().schemes()) {
        Engine other = byScheme.putIfAbsent(scheme, engine);
        if (other != null) {
          throw new IllegalStateException(
              "two engines claim the scheme %s: %s and %s"
                  .formatted(scheme, other.traits().id(), engine.traits().id()));
        }
      }
    }
  }

  /**
   * The engine for a scheme in lower case, without {@code jdbc:}, and with or without a driver ({@code
   * postgresql+asyncpg}).
   */
  public Optional<Engine> find(String scheme) {
    Engine exact = byScheme.get(scheme);
    if (exact != null) {
      return Optional.of(exact);
    }
    int plus = scheme.indexOf('+');
    return plus < 0
        ? Optional.empty()
        : Optional.ofNullable(byScheme.get(scheme.substring(0, plus)));
  }

  /** The engine of a target. Settings have made sure that there is one. */
  public Engine of(Target target) {
    return find(target.url().scheme())
        .orElseThrow(() -> new IllegalStateException("no engine for " + target.url().scheme()));
  }

  /** Every scheme that is known, sorted, for messages. */
  public SortedSet<String> schemes() {
    return new TreeSet<>(byScheme.keySet());
  }
}
