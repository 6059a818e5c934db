package io.tidegate.engine.redis;

import io.tidegate.secret.Secret;
import io.tidegate.target.Credentials;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A target as a person would declare it. */
record RedisTarget(ServiceUrl url, Credentials credentials, Role role, @Nullable String query) {

  static RedisTarget at(String scheme, int... ports) {
    var hosts = Arrays.stream(ports).mapToObj(port -> new HostPort("127.0.0.1", port)).toList();
    Map<String, String> parameters =
        scheme.contains("sentinel") ? Map.of("sentinelMasterId", "mymaster") : Map.of();
    return new RedisTarget(
        new ServiceUrl(scheme, hosts, "", parameters), Credentials.NONE, Role.PRIMARY, null);
  }

  RedisTarget database(String number) {
    ServiceUrl other = new ServiceUrl(url.scheme(), url.hosts(), number, url.parameters());
    return new RedisTarget(other, credentials, role, query);
  }

  RedisTarget as(@Nullable String user, Supplier<String> password) {
    Credentials own =
        new Credentials() {
          @Override
          public @Nullable String username() {
            return user;
          }

          @Override
          public Secret password() {
            return Secret.of(password.get());
          }
        };
    return new RedisTarget(url, own, role, query);
  }

  RedisTarget role(Role other) {
    return new RedisTarget(url, credentials, other, query);
  }

  RedisTarget asking(String other) {
    return new RedisTarget(url, credentials, role, other);
  }

  Target target() {
    return new Target(
        "cache",
        "REDIS_URL",
        url,
        credentials,
        false,
        Purpose.STORE,
        role,
        true,
        query,
        TlsSettings.FROM_URL,
        null,
        RetryPolicy.DEFAULT,
        null);
  }
}
