package io.tidegate.engine.mongodb;

import io.tidegate.target.Changelog;
import io.tidegate.target.Credentials;
import io.tidegate.target.RetryPolicy;
import io.tidegate.target.ServiceUrl;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import io.tidegate.target.Target.Purpose;
import io.tidegate.target.Target.Role;
import io.tidegate.target.TlsPolicy.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Targets on a loopback port. */
final class MongoTargets {
  private MongoTargets() {}

  static Target target(int port, String database, Path changelog) {
    return new Target(
        "db",
        "TIDEGATE_TARGETS_DB_URL",
        new ServiceUrl("mongodb", List.of(new HostPort("127.0.0.1", port)), database, Map.of()),
        Credentials.NONE,
        false,
        Purpose.STORE,
        Role.PRIMARY,
        true,
        null,
        TlsSettings.FROM_URL,
        new Changelog(changelog, "", ""),
        RetryPolicy.DEFAULT,
        null);
  }
}
