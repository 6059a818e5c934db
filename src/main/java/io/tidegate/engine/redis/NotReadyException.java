package io.tidegate.engine.redis;

import io.tidegate.target.ProbeResult;

/** Ends an attempt with its outcome. */
final class NotReadyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ProbeResult result;

  NotReadyException(ProbeResult result) {
    super(null, null, false, false);
    this.result = result;
  }

  ProbeResult result() {
    return result;
  }
}
