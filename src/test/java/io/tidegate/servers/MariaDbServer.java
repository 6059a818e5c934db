package io.tidegate.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MariaDB 11.4. User {@code root} without a password, and what a test creates. */
public final class MariaDbServer extends MySqlProtocolServer {
  private final List<String> starter = new ArrayList<>();
  private final List<String> options = new ArrayList<>();

  /** A server that does not run yet. */
  public MariaDbServer() {
    super("mariadb", "mariadb");
  }

  /** A server that runs and answers. */
  public static MariaDbServer started() {
    MariaDbServer server = new MariaDbServer();
    server.start();
    return server;
  }

  /** Adds an option, {@code --name=value}, for the next start. */
  public MariaDbServer with(String option) {
    options.add(option);
    return this;
  }

  /** Starts it by another program, which runs the command behind its own arguments in its own place. */
  MariaDbServer startedBy(String... program) {
    starter.addAll(List.of(program));
    return this;
  }

  /** Turns TLS on with that certificate. */
  public MariaDbServer withTls(Path certificate, Path key, Path ca) {
    return with("--ssl-cert=" + certificate).with("--ssl-key=" + key).with("--ssl-ca=" + ca);
  }

  /** A program of its distribution, as its own client {@code mariadb}. */
  public static Path program(String name) {
    return Unpacked.mariadb().resolve("bin").resolve(name);
  }

  /** Makes an empty database of that name. */
  public void createDatabase(String name) {
    execute("", "CREATE DATABASE `" + name + "`");
  }

  @Override
  List<String> command() {
    Path base = Unpacked.mariadb();
    Path data = folder().resolve("data");
    if (!Files.exists(data)) {
      List<String> install = new ArrayList<>();
      install.add(base.resolve("scripts/mariadb-install-db").toString());
      install.addAll(
          List.of(
              "--no-defaults",
              "--basedir=" + base,
              "--datadir=" + data,
              // Each server that starts clears its own of what it takes for left there.
              "--tmpdir=" + folder(),
              "--auth-root-authentication-method=normal",
              "--skip-test-db",
              "--skip-name-resolve"));
      if (root()) {
        install.add("--user=root");
      }
      run(install);
    }
    List<String> command = new ArrayList<>(starter);
    command.add(base.resolve("bin/mariadbd").toString());
    command.addAll(
        List.of(
            "--no-defaults",
            "--basedir=" + base,
            "--datadir=" + data,
            "--tmpdir=" + folder(),
            "--port=" + port(),
            "--bind-address=127.0.0.1",
            "--socket=" + folder().resolve("s"),
            "--pid-file=" + folder().resolve("pid"),
            "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=16M"));
    if (root()) {
      command.add("--user=root");
    }
    command.addAll(options);
    return command;
  }
}
