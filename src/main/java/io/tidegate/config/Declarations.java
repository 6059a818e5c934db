package io.tidegate.config;

import io.tidegate.config.Key.Default;
import io.tidegate.config.Keys.OverridableKey;
import io.tidegate.config.ValueType.RefusedValue;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was declared, by key. Layers are put in from the weakest to the strongest: the YAML
 * file, the environment, the flags.
 */
final class Declarations {
  /** Characters that a value may have: no URL, password or query is longer. */
  static final int LONGEST_VALUE = 65_536;

  private static final String FILE = "-file";

  private static final String TARGETS = "targets.";

  private final Map<String, Declared> byKey = new LinkedHashMap<>();
  private final Set<String> refused = new LinkedHashSet<>();
  private final Problems problems;

  Declarations(Problems problems) {
    this.problems = problems;
  }

  /**
   * Puts in a layer. What it says of a value replaces what a weaker one said, also where one names a
   * file and the other does not.
   */
  void put(Collection<Declared> layer) {
    Map<String, Declared> own = new LinkedHashMap<>();
    layer.forEach(declared -> own.put(declared.key(), declared));
    for (Declared declared : layer) {
      String twin = twin(declared.key());
      byKey.remove(twin);
      Declared inFile = declared.key().endsWith(FILE) ? null : own.get(twin);
      if (inFile != null) {
        problems.add(
            declared.origin(),
            "the value is declared both inline and in a file, by " + inFile.origin(),
            "Keep one of the two");
      }
    }
    for (Declared declared : layer) {
      if (isFit(declared.value(), declared.origin(), problems)) {
        byKey.put(declared.key(), declared);
      } else {
        refused.add(declared.key());
      }
    }
  }

  /** {@code x.password} for {@code x.password-file}, and the other way round. */
  private static String twin(String key) {
    return key.endsWith(FILE) ? key.substring(0, key.length() - FILE.length()) : key + FILE;
  }

  /** Whether a value may be looked at at all; if not, the problem is noted. */
  static boolean isFit(String value, String origin, Problems problems) {
    if (value.length() > LONGEST_VALUE) {
      problems.add(
          origin,
          "the value has %d characters, more than the %d allowed"
              .formatted(value.length(), LONGEST_VALUE),
          "Check that it is the right value");
      return false;
    }
    if (value.indexOf('\uFFFD') >= 0 || value.indexOf('\0') >= 0) {
      problems.add(
          origin,
          "the value is not valid UTF-8 text",
          "Write it in UTF-8 and set LANG=C.UTF-8, or percent-encode it, or keep it in a file");
      return false;
    }
    return true;
  }

  /** Every key that was declared, in the order declared. */
  Collection<Declared> all() {
    return byKey.values();
  }

  /** The names of all targets of which anything was declared. */
  Set<String> targets() {
    Set<String> names = new LinkedHashSet<>();
    for (Set<String> keys : List.of(byKey.keySet(), refused)) {
      for (String key : keys) {
        if (key.startsWith(TARGETS)) {
          names.add(targetOf(key));
        }
      }
    }
    return names;
  }

  /** The target's name in a known, normalised key that begins with {@code targets.}. */
  static String targetOf(String key) {
    String rest = key.substring(TARGETS.length());
    return rest.substring(0, rest.indexOf('.'));
  }

  /** Whether a value was declared for a key that was not fit to be looked at. */
  boolean isRefused(Key<?> key, String chosen) {
    return refused.contains(key.of(chosen));
  }

  /** What was declared for a key; null: nothing. */
  @Nullable Declared find(Key<?> key, String chosen) {
    return byKey.get(key.of(chosen));
  }

  /** What declared a key; the key's name, if nothing did. */
  String origin(Key<?> key, String chosen) {
    Declared declared = find(key, chosen);
    return declared == null ? key.of(chosen) : declared.origin();
  }

  /** The value of a key that has a default. A value that cannot be used is noted as a problem. */
  <T extends @Nullable Object> T get(Key<T> key) {
    return get(key, "");
  }

  /** The value of a target's key that has a default. */
  <T extends @Nullable Object> T get(Key<T> key, String target) {
    Declared declared = find(key, target);
    return declared == null ? fallback(key) : parse(key, declared, fallback(key));
  }

  /** The value for one target, or the one for all, or the default. */
  <T> T get(OverridableKey<T> key, String target) {
    Declared declared = find(key.target(), target);
    return declared == null
        ? get(key.global())
        : parse(key.target(), declared, fallback(key.global()));
  }

  /** The value of a key that has no default; null if not declared, or not to be used. */
  <T> @Nullable T getOrNull(Key<T> key, String chosen) {
    Declared declared = find(key, chosen);
    if (declared == null) {
      return null;
    }
    try {
      return key.valueType().parser().parse(declared.value());
    } catch (RefusedValue e) {
      problems.add(declared.origin(), e);
      return null;
    }
  }

  private <T extends @Nullable Object> T parse(Key<T> key, Declared declared, T fallback) {
    try {
      return key.valueType().parser().parse(declared.value());
    } catch (RefusedValue e) {
      problems.add(declared.origin(), e);
      return fallback;
    }
  }

  private static <T extends @Nullable Object> T fallback(Key<T> key) {
    Default<T> fallback = key.fallback();
    if (fallback == null) {
      throw new IllegalStateException(key.pattern() + " has no default");
    }
    return fallback.value();
  }

  /**
   * One value that a user declared.
   *
   * @param key normalised, without {@code tidegate.}
   * @param value as declared; never printed
   * @param origin the variable, flag or line that declared it
   */
  record Declared(String key, String value, String origin) {
    /** Whether it belongs to one target. */
    boolean isOfTarget() {
      return key.startsWith(TARGETS);
    }

    @Override
    public String toString() {
      return key + " from " + origin;
    }
  }
}
