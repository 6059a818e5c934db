package io.tidegate.engine.redis;

import java.net.ProtocolException;

/** A server's reply is beyond the limits. */
final class TooMuchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooMuchException() {
    super(null, null, false, false);
  }

  /** The same as a failure on the way, in words. */
  static ProtocolException describe() {
    return new ProtocolException(
        "answers with more than %d MiB, %d elements or %d levels of them"
            .formatted(ReplyLimit.MAX_BYTES >> 20, ReplyOutput.MAX_PARTS, ReplyOutput.MAX_DEPTH));
  }
}
