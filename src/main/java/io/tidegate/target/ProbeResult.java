package io.tidegate.target;

/** The outcome of one attempt. */
public sealed interface ProbeResult {

  /** What happened, for people: without a full stop, never with a secret. */
  String sentence();

  /**
   * The service answered a query in the required role.
   *
   * @param detail what answered, for people: {@code PostgreSQL 18.1, primary}
   */
  record Ready(String detail) implements ProbeResult {
    @Override
    public String sentence() {
      return detail;
    }
  }

  /**
   * The service may become ready by itself.
   *
   * @param reason its class, for metrics
   * @param sentence for people, without a full stop, never with a secret
   */
  record NotYet(Reason reason, String sentence) implements ProbeResult {}

  /**
   * Waiting does not help, unless it heals within the grace: someone has to change something.
   *
   * @param reason its class, for metrics and for the exit code
   * @param sentence for people, without a full stop, never with a secret
   */
  record Wrong(Reason reason, String sentence) implements ProbeResult {}
}
