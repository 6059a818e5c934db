package io.tidegate.config;

/**
 * Where the endpoints listen.
 *
 * @param host the address to bind
 * @param port 1 to 65535; 0 takes a free one and says which
 */
public record HttpSettings(String host, int port) {
  /** "TIDE" on a keypad: a sidecar shares its pod's ports with the app, so 8080 will not do. */
  public static final int DEFAULT_PORT = 8433;

  /** What holds where nothing is declared. */
  public static final HttpSettings DEFAULT = new HttpSettings("0.0.0.0", DEFAULT_PORT);
}
