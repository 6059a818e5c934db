package io.tidegate.migration.sql;

import io.tidegate.engine.jdbc.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How a migrator shows itself to a server, so that those who wait for it can find it. */
public final class ClientName {
  /** The name of this host, or of its container, without asking the network. */
  public static final String HOST = host();

  /** {@code tidegate <host> <process id>}. */
  public static final String TEXT = "tidegate " + HOST + " " + ProcessHandle.current().pid();

  /**
   * Of a migrator's connection while it is opened and its session is set up: a server that accepts and
   * stays silent must not hold it for ever. See {@link SqlDialect.Access#limit}.
   */
  public static final Limits LIMITS =
      new Limits(Duration.ofSeconds(10), Duration.ofSeconds(10), TEXT);

  private ClientName() {}

  private static String host() {
    String declared = System.getenv("HOSTNAME");
    if (declared != null && !declared.isBlank()) {
      return declared;
    }
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "unknown-host";
    }
  }
}
