package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Credentials;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What rules are shown in tests: replicas, targets, facts and variables. */
record Situation(
    ReplicaCount replicas,
    List<Target> targets,
    Map<String, Facts> facts,
    Map<String, String> environment) {

  static Situation scaled() {
    return replicas(3);
  }

  static Situation single() {
    return replicas(1);
  }

  static Situation unknown() {
    return counted(new ReplicaCount.Unknown("nothing tells"));
  }

  static Situation replicas(int count) {
    return counted(new ReplicaCount.Exactly(count, "declared by TIDEGATE_REPLICAS"));
  }

  static Situation counted(ReplicaCount replicas) {
    return new Situation(replicas, List.of(), Map.of(), Map.of());
  }

  Situation with(Target target) {
    return new Situation(replicas, List.of(target), facts, environment);
  }

  Situation with(String variable, String value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, value);
    return new Situation(replicas, targets, facts, more);
  }

  Situation inKubernetes() {
    return with("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  }

  /** The facts of the target. */
  Situation facts(Map<String, Fact> byName) {
    String name = targets.isEmpty() ? "redis" : targets.getFirst().name();
    return withFacts(Map.of(name, new Facts(byName)));
  }

  /** Those facts, by target, and no others. */
  Situation withFacts(Map<String, Facts> other) {
    return new Situation(replicas, targets, other, environment);
  }

  Evidence evidence() {
    String declared = environment.get("TIDEGATE_REPLICAS");
    return new Evidence(
        replicas, declared == null ? null : Integer.valueOf(declared), targets, facts, environment);
  }

  static Fact known(String value) {
    return new Fact.Known(value);
  }

  static Fact refused() {
    return new Fact.Unknown("NOPERM this user has no permissions to run the 'config|get' command");
  }

  static Target sqlite(String origin, String path) {
    return target(
        "database",
        origin,
        new ServiceUrl("sqlite", List.of(), path, Map.of()),
        false,
        Purpose.STORE);
  }

  static Target redis(String host, Purpose purpose) {
    return target(
        "redis",
        "REDIS_URL",
        new ServiceUrl("redis", List.of(new HostPort(host, 6379)), "", Map.of()),
        false,
        purpose);
  }

  static Target postgres(boolean inlinePassword) {
    return target(
        "orders",
        "DATABASE_URL",
        new ServiceUrl("postgresql", List.of(new HostPort("db", 5432)), "orders", Map.of()),
        inlinePassword,
        Purpose.STORE);
  }

  private static Target target(
      String name, String origin, ServiceUrl url, boolean inlinePassword, Purpose purpose) {
    return new Target(
        name,
        origin,
        url,
        Credentials.NONE,
        inlinePassword,
        purpose,
        Role.ANY,
        true,
        null,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }
}
