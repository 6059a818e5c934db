package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import io.tidegate.manifest.source.SourceText;
import org.jspecify.annotations.Nullable;

/**
 * An environment variable of a container.
 *
 * @param place where the container gets it
 * @param value null: not known from the files
 * @param origin where its value stands
 */
public record Variable(String name, Place place, @Nullable SourceText value, Origin origin) {

  /** Where a variable's value stands. */
  public enum Origin {
    /** In the deployment file itself. */
    INLINE,
    /** In a file of variables beside it. */
    ENV_FILE,
    CONFIG_MAP,
    SECRET
  }

  /** The value if it is fully known, else nothing. */
  public String known() {
    return value != null && value.isKnown() ? value.value() : "";
  }

  /** The name only: the value may be secret. */
  @Override
  public String toString() {
    return name;
  }
}
