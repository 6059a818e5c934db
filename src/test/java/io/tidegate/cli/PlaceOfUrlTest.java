package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.config.SettingsReader;
import io.tidegate.migration.MigrationListener;
import io.tidegate.migration.MigrationSettings;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.ProblemException;
import io.tidegate.servers.PostgresServer;
import io.tidegate.servers.RedisServer;
import io.tidegate.target.Probe;
import io.tidegate.target.Probe.ProbeMode;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a URL says of its place is where the migration goes, or it is refused. */
class PlaceOfUrlTest {
  private static final PostgresServer SERVER = new PostgresServer();
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final String TABLE = "SELECT schemaname FROM pg_tables WHERE tablename = 'orders'";

  private final Composition parts = new Composition();
  private final String database = "h41_" + DATABASES.incrementAndGet();
  @TempDir Path changelog;

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void prepare() throws Exception {
    SERVER.createDatabase(database);
    Files.writeString(changelog.resolve("001.sql"), "CREATE TABLE orders (id int);\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://postgres:%1$s@127.0.0.1:%2$d?dbname=%3$s",
        "postgresql://postgres:%1$s@127.0.0.1:%2$d/?dbname=%3$s",
        "postgresql:///?host=127.0.0.1&port=%2$d&dbname=%3$s&user=postgres&password=%1$s",
        "postgres://postgres:%1$s@127.0.0.1/%3$s?port=%2$d",
        "postgresql://postgres:%1$s@/%3$s?hostaddr=127.0.0.1&port=%2$d",
        "host=127.0.0.1 port=%2$d dbname=%3$s user=postgres password=%1$s",
        "user=postgres password='%1$s' hostaddr=127.0.0.1 port=%2$d dbname=%3$s sslmode=disable",
        "\"postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s\"",
        "r2dbc:postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s",
        "postgis://postgres:%1$s@127.0.0.1:%2$d/%3$s",
        "jdbc:postgresql:///?PGHOST=127.0.0.1&PGPORT=%2$d&PGDBNAME=%3$s&user=postgres&password=%1$s",
      })
  void place_isWhereTheMigrationGoes(String url) throws Exception {
    migrate(url.formatted(PostgresServer.PASSWORD, SERVER.port(), database));
    assertThat(query(database, TABLE)).containsExactly("public");
    assertThat(query("postgres", TABLE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://postgres:%1$s@127.0.0.1:%2$d/postgres?dbname=%3$s",
        "postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s?host=10.255.255.1",
        "postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s?port=1",
        "postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s?service=other",
        "mysql://root@127.0.0.1:%2$d/%3$s?unix_socket=/tmp/s",
      })
  void place_thatContradicts_isRefusedAndNothingIsChanged(String url) throws Exception {
    String text = url.formatted(PostgresServer.PASSWORD, SERVER.port(), database);
    ProblemException refused = catchThrowableOfType(ProblemException.class, () -> migrate(text));
    assertThat(refused.exit()).isEqualTo(ExitCode.REFUSED);
    assertThat(refused.getMessage()).contains("DATABASE_URL");
    assertThat(query("postgres", TABLE)).isEmpty();
    assertThat(query(database, TABLE)).isEmpty();
  }

  /** Prisma's parameter names one schema, as it is written: the driver's would fold or split it. */
  @ParameterizedTest
  @ValueSource(strings = {"My-Schema", "plain", "UPPER", "with space", "a,b"})
  void schemaOfPrisma_isFoundAsItIsWritten(String schema) throws Exception {
    SERVER.execute(database, "CREATE SCHEMA \"" + schema + "\"");
    String url =
        "postgresql://postgres:%s@127.0.0.1:%d/%s?schema=%s"
            .formatted(
                PostgresServer.PASSWORD, SERVER.port(), database, schema.replace(" ", "%20"));
    migrate(url);
    migrate(url);
    assertThat(query(database, TABLE)).containsExactly(schema);
  }

  /** The parts that people set instead of a URL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGHOST=127.0.0.1 PGPORT=%2$d PGUSER=postgres PGPASSWORD=%1$s PGDATABASE=%3$s",
        "DB_CONNECTION=pgsql DB_HOST=127.0.0.1 DB_PORT=%2$d DB_USERNAME=postgres DB_PASSWORD=%1$s"
            + " DB_DATABASE=%3$s",
        "DB_ENGINE=django.db.backends.postgresql DB_HOST=127.0.0.1 DB_PORT=%2$d DB_USER=postgres"
            + " DB_PASSWORD=%1$s DB_NAME=%3$s",
        "DATABASE_URL=postgresql://postgres@127.0.0.1:%2$d/%3$s PGPASSWORD=%1$s",
        "DATABASE_URL=postgresql://postgres:%1$s@127.0.0.1 PGPORT=%2$d PGDATABASE=%3$s",
      })
  void parts_leadToTheSamePlace(String variables) throws Exception {
    Target target = targetOf(variables);
    parts
        .migrators()
        .of(target)
        .open(target, MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
    assertThat(query(database, TABLE)).containsExactly("public");
  }

  @Test
  void searchPathOfPgoptions_isObeyedBesideAUrl() throws Exception {
    SERVER.execute(database, "CREATE SCHEMA app");
    Target target =
        targetOf(
            "DATABASE_URL=postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s"
                + " PGOPTIONS=-csearch_path=app");
    parts
        .migrators()
        .of(target)
        .open(target, MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
    assertThat(query(database, TABLE)).containsExactly("app");
  }

  /** The server has no TLS. */
  @Test
  void tlsThatPgsslmodeAsksFor_isNeverPlainText() throws Exception {
    Target target =
        targetOf("DATABASE_URL=postgresql://postgres:%1$s@127.0.0.1:%2$d/%3$s PGSSLMODE=require");
    try (Probe probe = parts.engines().of(target).open(target, ProbeMode.AWAIT)) {
      assertThat(probe.attempt(Duration.ofMinutes(1))).isNotInstanceOf(ProbeResult.Ready.class);
    }
  }

  private Target targetOf(String variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TIDEGATE_CHANGELOG", changelog.toString());
    for (String one :
        variables.formatted(PostgresServer.PASSWORD, SERVER.port(), database).split(" ", -1)) {
      environment.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    return new SettingsReader(parts.engines())
        .read(environment, Map.of(), null)
        .targets()
        .getFirst();
  }

  @Test
  void sqliteFile_isTheOneThatIsNamed(@TempDir Path data) throws Exception {
    Path file = data.resolve("my#1 100%25 db.sqlite");
    Map<String, String> environment =
        Map.of(
            "DB_CONNECTION", "sqlite",
            "DB_DATABASE", file.toString(),
            "TIDEGATE_CHANGELOG", changelog.toString());
    Target target =
        new SettingsReader(parts.engines()).read(environment, Map.of(), null).targets().getFirst();
    parts
        .migrators()
        .of(target)
        .open(target, MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
    assertThat(file).isNotEmptyFile();
  }

  @Test
  void emptyPasswordOfRedis_isNone() throws Exception {
    try (RedisServer server = RedisServer.started()) {
      for (String user : List.of(":@", "", "@")) {
        Target target = target("redis://" + user + "127.0.0.1:" + server.port(), false);
        try (Probe probe = parts.engines().of(target).open(target, ProbeMode.AWAIT)) {
          assertThat(probe.attempt(Duration.ofMinutes(1))).isInstanceOf(ProbeResult.Ready.class);
        }
      }
    }
  }

  private Target target(String url, boolean migrated) {
    Map<String, String> environment = new HashMap<>(Map.of("DATABASE_URL", url));
    if (migrated) {
      environment.put("TIDEGATE_CHANGELOG", changelog.toString());
    }
    return new SettingsReader(parts.engines())
        .read(environment, Map.of(), null)
        .targets()
        .getFirst();
  }

  private void migrate(String url) throws InterruptedException {
    parts
        .migrators()
        .of(target(url, true))
        .open(target(url, true), MigrationSettings.DEFAULT)
        .migrate(MigrationListener.NONE);
  }

  private static List<String> query(String name, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = SERVER.connect(name);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }
}
