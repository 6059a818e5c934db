package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.config.UrlParser.ParsedUrl;
import io.tidegate.config.ValueType.RefusedValue;
import io.tidegate.secret.Redactor;
import io.tidegate.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlParserTest {
  private final UrlParser parser = new UrlParser(StandInEngine.CATALOG);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "postgresql://u:p@h:5433/app | postgresql://h:5433/app | u | p",
        "postgres://u:p@h/app | postgres://h:5432/app | u | p",
        "POSTGRES://u:p@h/app | postgres://h:5432/app | u | p",
        "postgresql+asyncpg://u:p@h/app | postgresql://h:5432/app | u | p",
        "postgresql://h/app?user=u&password=p | postgresql://h:5432/app | u | p",
        "postgresql://u@h | postgresql://h:5432 | u | -",
        "postgresql://h1,h2:5433,[::1]:5434/app | postgresql://h1:5432,h2:5433,[::1]:5434/app | - | -",
        "postgresql:///app?host=h&port=5433 | postgresql://h:5433/app | - | -",
        "postgresql://u:a@b@h/app | postgresql://h:5432/app | u | a@b",
        "postgresql://u:a:b@h/app | postgresql://h:5432/app | u | a:b",
        "postgresql://u:a@b:c@h:1/app | postgresql://h:1/app | u | a@b:c",
        "postgresql://u%40x:p%2F%3A%40%23@h/my%20app | postgresql://h:5432/my app | u@x | p/:@#",
        "postgresql://u:100%@h/app | postgresql://h:5432/app | u | 100%",
        "postgresql://u:%C3%A4+@h/app | postgresql://h:5432/app | u | ä+",
        "postgresql://u:@h/app | postgresql://h:5432/app | u | ''",
        "jdbc:postgresql://h:5433/app?user=u&password=p%26q | postgresql://h:5433/app | u | p&q",
        "jdbc:postgresql:app | postgresql://localhost:5432/app | - | -",
        "jdbc:postgresql:///app | postgresql://localhost:5432/app | - | -",
        "JDBC:postgresql://[2001:db8::1]/app | postgresql://[2001:db8::1]:5432/app | - | -",
        "mysql://u:p@h/app | mysql://h:3306/app | u | p",
        "mysql+pymysql://u:p@h/app | mysql://h:3306/app | u | p",
        "jdbc:mysql://h/app | mysql://h:3306/app | - | -",
        "jdbc:mariadb://h/app?user=u | mariadb://h:3306/app | u | -",
        "jdbc:mariadb:sequential://a,b:3307/app | mariadb://a:3306,b:3307/app | - | -",
        "redis://h | redis://h:6379 | - | -",
        "redis://:p@h:6380/2 | redis://h:6380/2 | '' | p",
        "rediss://u:p@h/0 | rediss://h:6379/0 | u | p",
        "valkey://h | valkey://h:6379 | - | -",
        "redis+tls://:p@h | rediss://h:6379 | '' | p",
        "redis+ssl://h | rediss://h:6379 | - | -",
        "REDIS+TLS://h | rediss://h:6379 | - | -",
        "redis+cluster://a,b:7001 | redis-cluster://a:6379,b:7001 | - | -",
        "redis-cluster://a,b:7001 | redis-cluster://a:6379,b:7001 | - | -",
        "redis-sentinel://:p@a:26380,b/0#mymaster | redis-sentinel://a:26380,b:26379/0 | '' | p",
        "mongodb://u:p@a,b:27018/app?replicaSet=rs0 | mongodb://a:27017,b:27018/app | u | p",
        "mongodb+srv://u:p@cluster.example/app | mongodb+srv://cluster.example:27017/app | u | p",
        "sqlite:///./app.db | sqlite:./app.db | - | -",
        "sqlite:///app.db | sqlite:app.db | - | -",
        "sqlite:////var/app.db | sqlite:/var/app.db | - | -",
        "sqlite+aiosqlite:///./app.db | sqlite:./app.db | - | -",
        "sqlite://app.db | sqlite:app.db | - | -",
        "sqlite:app.db | sqlite:app.db | - | -",
        "sqlite:///file:app.db?mode=rwc&uri=true | sqlite:app.db | - | -",
        "sqlite:///file:/var/app.db?uri=True | sqlite:/var/app.db | - | -",
        "sqlite+pysqlite:///file::memory:?cache=shared&uri=true | sqlite::memory: | - | -",
        "sqlite:///app.db?mode=memory | sqlite::memory: | - | -",
        "file:app?mode=memory&cache=shared | file::memory: | - | -",
        "sqlite:/var/app.db | sqlite:/var/app.db | - | -",
        "sqlite::memory: | sqlite::memory: | - | -",
        "jdbc:sqlite:app.db?password=p | sqlite:app.db | - | p",
        "sqlite:///:memory: | sqlite::memory: | - | -",
        "sqlite:// | sqlite::memory: | - | -",
        "jdbc:sqlite:app.db | sqlite:app.db | - | -",
        "jdbc:sqlite:/var/app.db?cache=shared | sqlite:/var/app.db | - | -",
        "jdbc:sqlite:///var/app.db | sqlite:/var/app.db | - | -",
        "jdbc:sqlite:file:app.db?mode=ro | sqlite:app.db | - | -",
        "file:./dev.db | file:./dev.db | - | -",
        "file:///var/dev.db | file:/var/dev.db | - | -",
        // A parameter that names a place is obeyed.
        "postgresql://h?dbname=h41 | postgresql://h:5432/h41 | - | -",
        "postgresql://h/?dbname=h%2541 | postgresql://h:5432/h%41 | - | -",
        "postgresql://h/app?dbname=app | postgresql://h:5432/app | - | -",
        "postgresql://u@h/app?user=u | postgresql://h:5432/app | u | -",
        "postgresql://:p@h/app?user=u | postgresql://h:5432/app | u | p",
        "postgresql:///?host=h&port=5433&dbname=app&user=u&password=p | postgresql://h:5433/app | u | p",
        "postgresql:///app?HOST=h&Port=5433 | postgresql://h:5433/app | - | -",
        "postgresql:///app?hostaddr=10.0.0.1 | postgresql://10.0.0.1:5432/app | - | -",
        "postgresql:///app?host=2001:db8::1 | postgresql://[2001:db8::1]:5432/app | - | -",
        "postgresql:///app?host=a,b&port=5433,5434 | postgresql://a:5433,b:5434/app | - | -",
        "postgresql:///app?host=a,b&port=5433 | postgresql://a:5433,b:5433/app | - | -",
        "postgresql:///app?host=a:5433&host=b:5434 | postgresql://a:5433,b:5434/app | - | -",
        "postgresql://h/app?port=5433 | postgresql://h:5433/app | - | -",
        "postgresql://[::1]/app?port=5433 | postgresql://[::1]:5433/app | - | -",
        "postgresql://h:5433/app?port=5433&host=h | postgresql://h:5433/app | - | -",
        "jdbc:postgresql:///?PGHOST=h&PGPORT=5433&PGDBNAME=app | postgresql://h:5433/app | - | -",
        "mysql://h?database=app&port=3307 | mysql://h:3307/app | - | -",
        "redis://h?database=3&port=6380 | redis://h:6380 | - | -",
        // libpq's keywords.
        "host=h dbname=app | postgresql://h:5432/app | - | -",
        "host=h port=5433 dbname=app user=u password=p | postgresql://h:5433/app | u | p",
        "host=h user=u password='a b\\'c@/%' dbname=app sslmode=require | postgresql://h:5432/app | u | a b'c@/%",
        "dbname=app host=a,b port=1,2 | postgresql://a:1,b:2/app | - | -",
        "host=h user=u password=p dbname=app port=1 sslmode=disable TimeZone=Asia/Shanghai | postgresql://h:1/app | u | p",
        "TimeZone=UTC host=h dbname=app | postgresql://h:5432/app | - | -",
        "client_encoding=UTF8 host=h dbname=app | postgresql://h:5432/app | - | -",
        "sslrootcert=/ca.pem host=h dbname=app | postgresql://h:5432/app | - | -",
        "fallback_application_name=x host=h | postgresql://h:5432 | - | -",
        "passfile=/x host=h password=p | postgresql://h:5432 | - | p",
        // Go's driver for MySQL.
        "u:p@tcp(h:3307)/app?parseTime=true | mysql://h:3307/app | u | p",
        "u:p:@/%41?#@tcp(h)/app | mysql://h:3306/app | u | p:@/%41?#",
        "u@tcp([::1]:3306)/app | mysql://[::1]:3306/app | u | -",
        "tcp(h)/ | mysql://h:3306 | - | -",
        "mysql://u:p%40@tcp(h:3306)/app | mysql://h:3306/app | u | p@",
        // Frameworks' own names.
        "mysql2://u:p@h/app | mysql://h:3306/app | u | p",
        "trilogy://u:p@h/app | mysql://h:3306/app | u | p",
        "postgis://u:p@h/app | postgresql://h:5432/app | u | p",
        "pgsql://h/app | postgresql://h:5432/app | - | -",
        "r2dbc:postgresql://u:p@h/app | postgresql://h:5432/app | u | p",
        "r2dbc:pool:mysql://u:p@h/app | mysql://h:3306/app | u | p",
        "R2DBC:mariadb://h/app | mariadb://h:3306/app | - | -",
        "r2dbcs:postgresql://h/app | postgresql://h:5432/app | - | -",
        "pgx5://u:p@h/app | postgresql://h:5432/app | u | p",
        "cockroachdb://u@h:26257/app | postgresql://h:26257/app | u | -",
        "timescale://u@h/app | postgresql://h:5432/app | u | -",
        "mysql-connector://u@h/app | mysql://h:3306/app | u | -",
        "spatialite:///app.db | sqlite:app.db | - | -",
        // Drivers around another.
        "jdbc:aws-wrapper:postgresql://h/app | postgresql://h:5432/app | - | -",
        "jdbc:otel:mysql://h/app | mysql://h:3306/app | - | -",
        "JDBC:P6SPY:mariadb:sequential://a,b/app | mariadb://a:3306,b:3306/app | - | -",
        "r2dbc:pool:proxy:postgresql://h/app | postgresql://h:5432/app | - | -",
        "vertx-reactive:postgresql://h/app | postgresql://h:5432/app | - | -",
      })
  void spelling_isReadAsItWasMeant(
      String text, String url, @Nullable String user, @Nullable String password) throws Exception {
    ParsedUrl parsed = parser.parse(text);

    assertThat(parsed.url()).hasToString(url);
    assertThat(parsed.username()).isEqualTo(user == null || user.isEmpty() ? null : user);
    assertThat(parsed.password()).isEqualTo(password == null ? null : Secret.of(password));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://h/app?dbname=other",
        "postgresql://h/app?host=h2",
        "postgresql://h:5432/app?port=5433",
        "postgresql://h/app?hostaddr=10.0.0.1",
        "postgresql:///app?host=h&hostaddr=10.0.0.1",
        "postgresql://h1,h2/app?port=1,2,3",
        "postgresql://h/app?dbname=a&PGDBNAME=b",
        "postgresql:///app?host=/var/run/postgresql",
        "postgresql:///app?host=/cloudsql/project:region:instance",
        "postgresql://h/app?service=orders",
        "jdbc:postgresql:///app?cloudSqlInstance=project:region:instance",
        "mysql://h/app?socket=/tmp/mysql.sock",
        "mysql://h/app?unix_socket=/tmp/mysql.sock",
        "mysql://h/app?socketPath=/tmp/mysql.sock",
        "mysql://h/app?unixSocket=/tmp/mysql.sock",
        "jdbc:mariadb://h/app?localSocket=/tmp/mysql.sock",
        "jdbc:mysql://h/app?pipe=mysql",
        "dbname=app",
        "host=/var/run/postgresql dbname=app",
        "service=orders",
        "host=h dbname='app",
        "jdbc:mysql:replication+srv://h/app",
        "jdbc:mysql:app",
      })
  void place_thatCannotBeObeyed_isRefused(String text) {
    assertThat(refused(text)).as(text).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sqlite:///file:app.db | does not say that it is one",
        "sqlite:///app.db?cipher=sqlcipher&key=CANARY | encrypted",
        "file:app.db?_pragma_key=CANARY | encrypted",
        "jdbc:sqlite::resource:CANARY.db | resources",
        "postgresql://u@h/app?passfile=/CANARY | passfile",
        "host=h passfile=/CANARY | passfile",
        "jdbc:mysql://h/app?unixSocketPath=/CANARY | unixsocketpath",
        "jdbc:postgresql://h/app?socketFactory=CANARY | socketfactory",
        "Server=h;Port=5432;Database=app;User Id=u;Password=CANARY; | ADO.NET",
        "Host=h;Username=u;Password=CANARY | ADO.NET",
        "Data Source=h;Password=CANARY | ADO.NET",
        "Password=CANARY;Host=h;Database=app | ADO.NET",
        "Driver={PostgreSQL Unicode};Server=h;Pwd=CANARY; | ADO.NET",
        "Data Source=app.db | ADO.NET",
        "psql 'postgresql://u:CANARY@h/app' | psql",
        "u:CANARY@unix(/tmp/mysql.sock)/app | socket file",
        "postgresql://${DB_USER}:CANARY@h/app | DB_USER",
        "postgresql://u:${DB_PASSWORD:-CANARY}@h/app | DB_PASSWORD",
        "postgresql://u:$(DB_PASSWORD)@h/app | DB_PASSWORD",
        "postgresql://${{Postgres.PGUSER}}:CANARY@h/app | Postgres.PGUSER",
        "${{ secrets.DATABASE_URL }} | secrets.DATABASE_URL",
        "postgresql://u:CANARY@{{ .Values.db.host }}/app | Values.db.host",
        "postgresql://u:CANARY@tcp(h:1)/app | host or port",
        "postgresql://u:CANARY@h/app?user=CANARY | two users",
        "mysql://u@h/app?username=CANARY | two users",
      })
  void otherForm_isRefusedByItsName(String text, String why) {
    RefusedValue refused = refused(text);

    assertThat(refused).as(text).isNotNull();
    assertThat(refused.what()).contains(why).doesNotContain("CANARY");
    assertThat(Redactor.redact(refused.remedy())).isEqualTo(refused.remedy());
  }

  /** What a password may hold, though it looks like one of those. */
  @ParameterizedTest
  @CsvSource({
    "postgresql://u:a$DB_USER{}@h/app,a$DB_USER{}",
    "host=h password=a;b=c,a;b=c",
    "postgresql://u:%24{X}@h/app,${X}"
  })
  void password_isNotTakenForAnotherForm(String text, String password) throws Exception {
    assertThat(parser.parse(text).password()).isEqualTo(Secret.of(password));
  }

  @Test
  void user_ofAnEmptyParameter_isTheOneBeforeTheHost() throws Exception {
    assertThat(parser.parse("postgresql://a@h/app?user=").username()).isEqualTo("a");
  }

  @Test
  void plus_isASpaceToPostgresJdbcDriverOnly() throws Exception {
    String options = "//h/app?options=-c+search_path%3Dapp%2Bx";
    assertThat(parser.parse("jdbc:postgresql:" + options).url().parameters())
        .containsEntry("options", "-c search_path=app+x");
    assertThat(parser.parse("postgresql:" + options).url().parameters())
        .containsEntry("options", "-c+search_path=app+x");
  }

  /** The last one counted, whatever the others said. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://h/app?sslmode=require&sslmode=disable",
        "postgresql://h/app?sslmode=require&SSLMODE=disable",
        "postgresql://h?dbname=a&dbname=b",
        "postgresql://h/app?user=a&user=b",
        "host=h dbname=a dbname=b",
        "host=h host=other dbname=a",
      })
  void parameter_withTwoValues_isRefused(String text) {
    assertThat(refused(text)).as(text).isNotNull();
    assertThat(refused(text).what()).contains("twice");
  }

  @Test
  void parameter_thatIsRepeated_isTaken() throws Exception {
    assertThat(
            parser.parse("postgresql://h/app?sslmode=require&sslmode=require").url().parameters())
        .containsEntry("sslmode", "require");
    String tags = "mongodb://h/app?readPreferenceTags=dc:ny&readPreferenceTags=";
    assertThat(parser.parse(tags).url().parameters()).containsKey("readPreferenceTags");
    assertThat(parser.parse("postgresql://h/app?options=-c%20x%3Da?b").url().parameters())
        .containsEntry("options", "-c x=a?b");
  }

  /** What stands after the plus was taken for a driver of the app, and left out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis+sentinel://a:26379/mymaster/0",
        "redis+socket:///tmp/redis.sock",
        "redis+unix:///tmp/redis.sock",
        "jdbc:mysql+srv://_mysql._tcp.example/app",
        "jdbc:mysql+srv:loadbalance://_mysql._tcp.example/app",
        "postgresql+ssl://h/app",
        "mysql+ssh://h/app",
      })
  void scheme_thatSaysMoreThanADriver_isRefused(String text) {
    RefusedValue refused = refused(text);
    assertThat(refused).as(text).isNotNull();
    assertThat(refused.what()).contains("scheme");
  }

  @Test
  void encryptedR2dbc_asksForTls() throws Exception {
    assertThat(parser.parse("r2dbcs:mysql://h/app").url().parameters())
        .containsEntry("ssl", "true");
    assertThat(parser.parse("host=h sslmode=require").url().parameters())
        .containsEntry("sslmode", "require");
  }

  /** It took the "@" of "and the password: @ as %40" for a password. */
  @ParameterizedTest
  @ValueSource(strings = {"postgresql://u:p/x@h/app", "postgresql://h/app#x", "postgresql://h:x/a"})
  void advice_isNotMaskedByTheRedactor(String text) {
    String remedy = refused(text).remedy();
    assertThat(Redactor.redact(remedy)).isEqualTo(remedy);
  }

  @Test
  void parameters_areKeptWithoutCredentials() throws Exception {
    assertThat(
            parser
                .parse("postgresql://h/a?sslmode=verify-full&user=u&x=%26&password=p&flag")
                .url()
                .parameters())
        .containsExactly(
            java.util.Map.entry("sslmode", "verify-full"),
            java.util.Map.entry("x", "&"),
            java.util.Map.entry("flag", ""));
    assertThat(parser.parse("jdbc:mariadb:sequential://a/x").url().parameters())
        .containsEntry(NetworkUrl.MODE_PARAMETER, "sequential");
    assertThat(parser.parse("redis-sentinel://a/0#mymaster").url().parameters())
        .containsEntry("sentinelMasterId", "mymaster");
    assertThat(parser.parse("redis-sentinel://a/0?sentinelMasterId=m").url().parameters())
        .containsEntry("sentinelMasterId", "m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:5432/CANARY | no scheme",
        "CANARY | no scheme",
        "//CANARY | no scheme",
        "postgresql:CANARY | no // follows",
        "postgresql://u:p/CANARY@h/app | an @ stands after",
        "postgresql://u:1/CANARY@h/app | an @ stands after",
        "postgresql://u:p@CANARY/x@h/app | an @ stands after",
        "postgresql://u:1?CANARY@h/app | an @ stands after",
        "postgresql://u:CANARY#x@h/app | an @ stands after",
        "postgresql://h/app#CANARY | holds a #",
        "postgresql://u:CANARY/app | host or port",
        "postgresql://u:CANARY@h:0/app | port",
        "postgresql://u:CANARY@h:65536/app | port",
        "postgresql://u:CANARY@h:99999999999/app | port",
        "postgresql://u:CANARY@/app | names no host",
        "postgresql:///CANARY | names no host",
        "postgresql://u:CANARY@h1,,h2/app | host or port",
        "postgresql://u:CANARY@2001:db8::1/app | more than one colon",
        "postgresql://u:CANARY@%2Fvar%2Frun/app | socket file",
        "postgresql://u:CANARY@h a/app | a space",
        "postgresql://h/app?user=CANARY&amp;sslmode=verify-full | &amp;",
        "postgresql://h/app?schema=CANARY?sslmode=require | second ?",
        "postgresql://u:CANARY%ff@h/app | not UTF-8",
        "mongodb+srv://u:CANARY@h:27017/app | one host and no port",
        "mongodb+srv://u:CANARY@h1,h2/app | one host and no port",
        "redis://:CANARY@a,b | means one server",
      })
  void malformedUrl_isRefusedWithoutBeingQuoted(String text, String why) {
    RefusedValue refused = refused(text);

    assertThat(refused.what()).contains("malformed").contains(why).doesNotContain("CANARY");
    assertThat(refused.remedy()).doesNotContain("CANARY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"oracle://h/CANARY", "jdbc:sqlserver://h:1433", "http+x://CANARY"})
  void unknownScheme_isNamedWithTheKnownOnes(String text) {
    RefusedValue refused = refused(text);

    assertThat(refused.what()).contains("is not known").doesNotContain("CANARY");
    assertThat(refused.remedy()).contains("mongodb+srv, mysql, postgres, postgresql, redis");
  }

  @Test
  void anyPassword_survivesPercentEncoding() throws Exception {
    // A fixed seed: a failure can be run again.
    Random random = new Random(20261121);
    for (int run = 0; run < 2000; run++) {
      String password = text(random);
      String user = "u" + text(random);
      String url =
          "postgresql://%s:%s@h1:1,[::1]:2/app?x=%s"
              .formatted(encoded(user), encoded(password), encoded(password));
      ParsedUrl parsed = parser.parse(url);
      assertThat(parsed.username()).isEqualTo(user);
      assertThat(parsed.password()).isEqualTo(Secret.of(password));
      assertThat(parsed.url().parameters()).containsEntry("x", password);
      assertThat(parsed.url()).hasToString("postgresql://h1:1,[::1]:2/app");
    }
  }

  @Test
  void anyTextAtAll_isReadOrRefused() {
    Random random = new Random(42);
    String[] pieces = {
      "postgresql",
      "sqlite",
      "jdbc:",
      ":",
      "//",
      "/",
      "@",
      "#",
      "?",
      "&",
      "=",
      "%",
      "%4",
      "[",
      "]",
      ",",
      "h",
      "1",
      "::1",
      "+",
      "redis-sentinel",
      "mongodb+srv",
      "file:",
      "\u00e4",
      " "
    };
    for (int run = 0; run < 20_000; run++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        assertThat(parser.parse(text.toString()).url().scheme()).isNotEmpty();
      } catch (RefusedValue e) {
        assertThat(e.remedy()).isNotEmpty();
      }
    }
  }

  private RefusedValue refused(String text) {
    return catchThrowableOfType(RefusedValue.class, () -> parser.parse(text));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = 1 + random.nextInt(12); length > 0; length--) {
      text.appendCodePoint(
          random.nextInt(8) == 0 ? 0x1F600 + random.nextInt(40) : 33 + random.nextInt(94));
    }
    return text.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
