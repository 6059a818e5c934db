package io.tidegate.engine.mongodb;

import io.tidegate.engine.Changelog;
import io.tidegate.engine.Credentials;
import io.tidegate.engine.HostPort;
import io.tidegate.engine.Patience;
import io.tidegate.engine.Purpose;
import io.tidegate.engine.Role;
import io.tidegate.engine.ServiceUrl;
import io.tidegate.engine.Target;
import io.tidegate.engine.TlsSettings;
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
        Patience.DEFAULT);
  }
}
