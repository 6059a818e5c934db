package io.tidegate.guard.rules;

import io.tidegate.engine.Fact;
import io.tidegate.engine.Facts;
import io.tidegate.engine.Target;
import io.tidegate.engine.TlsSettings.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether a target's connection is encrypted: as declared, or where that leaves it to the server, as
 * the server tells. The words are those of the drivers and of the frameworks that share the URL.
 */
sealed interface Encryption {
  /** TLS, verified or not. */
  record On() implements Encryption {}

  /** None; why. */
  record Off(String reason) implements Encryption {}

  /** It depends on the server, which does not tell, or was not asked yet. */
  record Unknown() implements Encryption {}

  /** Parameters that carry a mode, in lower case. */
  List<String> PARAMETERS = List.of("sslmode", "ssl-mode", "ssl_mode", "usessl", "ssl", "tls");

  Set<String> NO = Set.of("disable", "disabled", "false", "0", "no");
  Set<String> PERHAPS = Set.of("allow", "prefer", "preferred");

  static Encryption of(Target target, Facts facts) {
    return switch (target.tls().mode()) {
      case Mode.DISABLE -> new Off("its TLS mode is disable");
      case Mode.REQUIRE, Mode.VERIFY_CA, Mode.VERIFY_FULL -> new On();
      case Mode.URL -> asTheUrlSays(target, facts);
    };
  }

  private static Encryption asTheUrlSays(Target target, Facts facts) {
    String scheme = target.url().scheme();
    if (TargetKind.isRedis(target)) {
      return scheme.startsWith("rediss") || scheme.equals("valkeys")
          ? new On()
          : new Off("its scheme is " + scheme);
    }
    String word = word(target);
    if (NO.contains(word)) {
      return new Off("its URL says so");
    }
    if (!word.isEmpty() && !PERHAPS.contains(word)) {
      return new On();
    }
    if (TargetKind.isMongo(target)) {
      return scheme.equals("mongodb+srv") ? new On() : new Off("its URL does not ask for TLS");
    }
    // PostgreSQL's and MySQL's drivers take a CA file for a wish to verify.
    if (target.tls().caFile() != null) {
      return new On();
    }
    return TargetKind.isPostgres(target) || PERHAPS.contains(word)
        ? asTheServerTells(facts)
        : new Off("its URL does not ask for TLS");
  }

  /** PostgreSQL's drivers take TLS where the server offers it, and go on without it where not. */
  private static Encryption asTheServerTells(Facts facts) {
    return switch (facts.get("ssl")) {
      case Fact.Known(String state) when state.equals("on") -> new On();
      case Fact.Known(String state) ->
          new Off("the server offers none, and its URL does not insist on it");
      case Fact.Unknown(String reason) -> new Unknown();
    };
  }

  private static String word(Target target) {
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    parameters.putAll(target.url().parameters());
    return PARAMETERS.stream()
        .filter(parameters::containsKey)
        .map(name -> parameters.getOrDefault(name, ""))
        .map(value -> value.isEmpty() ? "true" : value.toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse("");
  }
}
