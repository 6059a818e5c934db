package io.tidegate.servers;

import java.util.List;

/**
 * Dolt's SQL engine, go-mysql-server, with its tables in memory: a server of MySQL's protocol that is
 * neither MySQL nor MariaDB. A stop loses its databases.
 */
public final class DoltEngineServer extends MySqlProtocolServer {
  private final String program;

  /**
   * One that does not run yet.
   *
   * @param program built by {@code .ci/dolt-engine}
   */
  public DoltEngineServer(String program) {
    super("dolt-engine", "mysql");
    this.program = program;
  }

  @Override
  List<String> command() {
    return List.of(program, "127.0.0.1:" + port());
  }
}
