package io.tidegate.engine.mongodb;

/** Another has taken the lease: nothing may be changed any more. */
final class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeaseLostException() {
    super("the migration lease was lost");
  }
}
