package io.tidegate.policy.rules;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy;
import java.util.List;

/**
 * Whether a target's connection is encrypted: as decided for the target, or where that leaves it to
 * the server, as the server tells.
 */
sealed interface Encryption {
  /** TLS, verified or not. */
  record On() implements Encryption {}

  /** None; why. */
  record Off(String reason) implements Encryption {}

  /** It depends on the server, which does not tell, or was not asked yet. */
  record Unknown() implements Encryption {}

  static Encryption of(Target target, Facts facts) {
    TlsPolicy policy = target.tlsPolicy();
    return switch (policy.level()) {
      case NONE -> new Off(policy.reason());
      case IF_OFFERED -> asTheServerTells(facts, policy.reason());
      case ENCRYPTED, VERIFY_CA, VERIFY_FULL -> new On();
    };
  }

  /** PostgreSQL tells it by {@code ssl}, MySQL and MariaDB by {@code have_ssl}. */
  private static Encryption asTheServerTells(Facts facts, String reason) {
    for (String fact : List.of("ssl", "have_ssl")) {
      if (facts.get(fact) instanceof Fact.Known(String state)) {
        return state.equalsIgnoreCase("on") || state.equalsIgnoreCase("yes")
            ? new On()
            : new Off("the server offers none, and " + reason);
      }
    }
    return new Unknown();
  }
}
