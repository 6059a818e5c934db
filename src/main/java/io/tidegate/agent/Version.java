package io.tidegate.agent;

import org.jspecify.annotations.Nullable;

/** Which Tidegate this is, as its jar's manifest says. */
public final class Version {
  private Version() {}

  /** The version, or {@code dev} where the classes do not come from a jar. */
  public static String current() {
    @Nullable String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
