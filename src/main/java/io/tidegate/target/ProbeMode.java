package io.tidegate.target;

/** What a probe is used for. */
public enum ProbeMode {
  /**
   * Until the first answers: each attempt opens a connection of its own; that of one that succeeds
   * may be handed on.
   */
  AWAIT,
  /** For as long as the app runs: a connection is kept, and renewed often enough to notice that new ones are refused. */
  WATCH
}
