package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL 18. Superuser {@code postgres}, password {@code postgres}, asked for over TCP. */
public final class PostgresServer extends ServerProcess {
  /** The superuser. */
  public static final String USER = "postgres";

  /** Its password. */
  public static final String PASSWORD = "postgres-test-password";

  private final List<String> settings = new ArrayList<>();
  private boolean initialised;

  /** A server that does not run yet. */
  public PostgresServer() {
    super("postgresql");
  }

  /** A server that runs and answers. */
  public static PostgresServer started() {
    PostgresServer server = new PostgresServer();
    server.start();
    return server;
  }

  /** Adds a setting, {@code name=value}, for the next start. */
  public PostgresServer with(String setting) {
    settings.add(setting);
    return this;
  }

  /** The folder of the cluster's data; made on first use. */
  public Path data() {
    Path data = folder().resolve("data");
    if (!initialised) {
      try {
        Path password = folder().resolve("pw");
        Files.writeString(password, PASSWORD);
        List<String> init = unprivileged();
        init.add(Unpacked.postgres().resolve("bin/initdb").toString());
        init.addAll(
            List.of(
                "-D",
                data.toString(),
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile=" + password,
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync"));
        run(init);
        Files.delete(password);
        initialised = true;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return data;
  }

  /** Becomes the standby of a server that is stopped now: with its data, and following it. */
  public PostgresServer standbyOf(PostgresServer primary) {
    Path from = primary.data();
    Path to = folder().resolve("data");
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
      Files.createFile(to.resolve("standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    initialised = true;
    return with(
        "primary_conninfo=host=127.0.0.1 port=%d user=%s password=%s"
            .formatted(primary.port(), USER, PASSWORD));
  }

  /** Writes a private key where PostgreSQL accepts it, and the certificate beside it, and turns TLS on. */
  public PostgresServer withTls(Path certificate, Path key) {
    try {
      Path data = data();
      Files.copy(certificate, data.resolve("server.crt"));
      Files.copy(key, data.resolve("server.key"));
      Files.setPosixFilePermissions(
          data.resolve("server.key"), PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return with("ssl=on");
  }

  /** Lets it listen on one more address of this machine, to one client. */
  public PostgresServer listeningOn(String address, String client) {
    try {
      Files.writeString(
          data().resolve("pg_hba.conf"),
          "host all all " + client + "/32 scram-sha-256\n",
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return with("listen_addresses=127.0.0.1," + address);
  }

  /** A URL with user and password for one database. */
  public String url(String database) {
    return url("127.0.0.1", database);
  }

  /** The same at another address of this machine. */
  public String url(String address, String database) {
    return "postgresql://%s:%s@%s:%d/%s".formatted(USER, PASSWORD, address, port(), database);
  }

  /** A connection of the superuser; the caller closes it. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=2&socketTimeout=60"
            .formatted(port(), database),
        USER,
        PASSWORD);
  }

  /** Runs one statement as superuser. */
  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Makes an empty database of that name. */
  public void createDatabase(String name) {
    execute("postgres", "CREATE DATABASE \"" + name + "\"");
  }

  @Override
  List<String> command() {
    List<String> command = unprivileged();
    command.add(Unpacked.postgres().resolve("bin/postgres").toString());
    command.addAll(List.of("-D", data().toString(), "-p", Integer.toString(port())));
    command.addAll(List.of("-k", folder().toString(), "-h", "127.0.0.1"));
    command.addAll(List.of("-c", "fsync=off", "-c", "shared_buffers=32MB"));
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    return command;
  }

  @Override
  boolean answers() {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }

  /** PostgreSQL refuses to run as root: then it runs in a user namespace, where it is nobody. */
  private static List<String> unprivileged() {
    return root() ? new ArrayList<>(List.of("unshare", "-U")) : new ArrayList<>();
  }
}
