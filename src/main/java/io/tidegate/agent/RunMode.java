package io.tidegate.agent;

/**
 * How far a run goes.
 *
 * @param evaluates whether the rules are evaluated, before waiting and after
 * @param migrates whether pending changesets are applied
 * @param awaitsSchema whether a target with a changelog is ready only when another has applied it
 * @param watches whether targets are watched until SIGTERM
 */
public record RunMode(boolean evaluates, boolean migrates, boolean awaitsSchema, boolean watches) {
  /** Check, await, check the live servers, migrate. */
  public static final RunMode INIT = new RunMode(true, true, false, false);

  /** The same, then watch. */
  public static final RunMode RUN = new RunMode(true, true, false, true);

  /** Await only, the schema included. */
  public static final RunMode WAIT = new RunMode(false, false, true, false);

  /** Migrate only. */
  public static final RunMode MIGRATE = new RunMode(false, true, false, false);
}
