package io.tidegate.policy.rules;

import io.tidegate.servers.MariaDbServer;

/**
 * One MariaDB without a binary log for the rules that change what it is while it runs: to install one
 * takes long. It ends with the tests' own process.
 */
final class SharedMariaDb {
  private static final MariaDbServer SERVER = MariaDbServer.started();

  private SharedMariaDb() {}

  static MariaDbServer server() {
    return SERVER;
  }
}
