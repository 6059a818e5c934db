package io.tidegate.bench;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the tools compete: one server, a database for each run, and their files. */
final class Field {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final PostgresServer server;
  private final Path folder;
  private final List<Tool> tools;

  Field(PostgresServer server, Path folder, List<Tool> tools) {
    this.server = server;
    this.folder = folder;
    this.tools = tools;
  }

  List<Tool> tools() {
    return tools;
  }

  /** The same field with other tools. */
  Field with(List<Tool> others) {
    return new Field(server, folder, others);
  }

  /** A new folder with that many changesets as the tool wants them. */
  Path files(Tool tool, int changesets) throws IOException {
    Path files = Files.createTempDirectory(folder, "changelog");
    tool.files().write(files, changesets);
    return files;
  }

  /** The name of a new, empty database. */
  String database() {
    String name = "bench" + DATABASES.incrementAndGet();
    server.createDatabase(name);
    return name;
  }

  List<String> command(Tool tool, String database, Path files) {
    return tool.command().of(server.port(), database, files);
  }

  Connection connect(String database) throws SQLException {
    return server.connect(database);
  }

  PostgresServer server() {
    return server;
  }

  /** One run, to its end or to the time limit. */
  Run run(Tool tool, String database, Path files) throws IOException, InterruptedException {
    return Run.of(command(tool, database, files), tool.environment());
  }

  /** One run that must succeed. */
  Run succeeded(Tool tool, String database, Path files) throws IOException, InterruptedException {
    Run run = run(tool, database, files);
    if (run.exit() != 0) {
      throw new IllegalStateException(tool.name() + " failed: " + run);
    }
    return run;
  }

  /** How many of the changesets' tables there are. */
  static int tables(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename ~"
                    + " '^t[0-9]+$'")) {
      count.next();
      return count.getInt(1);
    }
  }
}
