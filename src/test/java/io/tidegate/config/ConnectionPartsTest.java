package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.secret.Secret;
import io.tidegate.target.Target;
import io.tidegate.target.TlsPolicy.Level;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts that people set instead of a URL. */
class ConnectionPartsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PGHOST=db PGPORT=5433 PGUSER=u PGPASSWORD=secret PGDATABASE=app | pg | postgresql://db:5433/app",
        "PGHOST=db PGUSER=u PGPASSWORD=secret | pg | postgresql://db:5432",
        "PGHOST=a,b PGPORT=1,2 PGUSER=u PGPASSWORD=secret PGDATABASE=app | pg | postgresql://a:1,b:2/app",
        "PGHOSTADDR=10.0.0.1 PGUSER=u PGPASSWORD=secret | pg | postgresql://10.0.0.1:5432",
        "DB_CONNECTION=pgsql DB_HOST=db DB_PORT=5433 DB_DATABASE=app DB_USERNAME=u DB_PASSWORD=secret | db | postgresql://db:5433/app",
        "DB_CONNECTION=mysql DB_HOST=db DB_DATABASE=app DB_USERNAME=u DB_PASSWORD=secret | db | mysql://db:3306/app",
        "DB_CONNECTION=mariadb DB_HOST=db DB_DATABASE=app DB_USERNAME=u DB_PASSWORD=secret | db | mariadb://db:3306/app",
        "DB_ENGINE=django.db.backends.postgresql DB_HOST=db DB_NAME=app DB_USER=u DB_PASSWORD=secret | db | postgresql://db:5432/app",
        "DB_ENGINE=django.contrib.gis.db.backends.postgis DB_HOST=db DB_NAME=app DB_USER=u DB_PASSWORD=secret | db | postgresql://db:5432/app",
        "DB_ENGINE=django.db.backends.mysql DB_HOST=db DB_NAME=app DB_USER=u DB_PASS=secret | db | mysql://db:3306/app",
        "DB_HOST=db DB_PORT=5432 DB_NAME=app DB_USER=u DB_PASSWORD=secret | db | postgresql://db:5432/app",
        "DB_HOST=db DB_PORT=3306 DB_NAME=app DB_USER=u DB_PASSWORD=secret | db | mysql://db:3306/app",
        "DB_CONNECTION=mysql DB_HOST=db:3307 DB_NAME=app DB_USER=u DB_PASSWORD=secret | db | mysql://db:3307/app",
        "MYSQL_HOST=db MYSQL_PORT=3307 MYSQL_USER=u MYSQL_PASSWORD=secret MYSQL_DATABASE=app | mysql | mysql://db:3307/app",
        "REDIS_HOST=cache REDIS_PORT=6380 REDIS_USERNAME=u REDIS_PASSWORD=secret | redis | redis://cache:6380",
        "REDIS_HOST=cache REDIS_DB=2 REDIS_USER=u REDIS_PASSWORD=secret | redis | redis://cache:6379/2",
        "MONGO_HOST=docs MONGO_PORT=27018 MONGO_USER=u MONGO_PASSWORD=secret MONGO_DB=app | mongo | mongodb://docs:27018/app",
        "MONGODB_HOST=docs MONGODB_USERNAME=u MONGODB_PASSWORD=secret MONGODB_DATABASE=app | mongodb | mongodb://docs:27017/app",
      })
  void parts_areATarget(String variables, String name, String url) {
    Target target = reading(variables).target();
    assertThat(target.name()).isEqualTo(name);
    assertThat(target.url()).hasToString(url);
    assertThat(target.credentials().username()).isEqualTo("u");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("secret"));
    assertThat(target.inlinePassword()).isFalse();
  }

  @Test
  void partsBesideTheFormOfGosDriver_leaveItsPasswordAlone() {
    Target target = reading("DATABASE_URL=u:p#?x@tcp(db)/app MYSQL_SSL_MODE=REQUIRED").target();
    assertThat(target.credentials().password()).isEqualTo(Secret.of("p#?x"));
    assertThat(target.tlsPolicy().level()).isEqualTo(Level.ENCRYPTED);
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_URL=postgresql://u@db/app PGOPTIONS=-csearch_path=a,-csearch_path=a",
    "DATABASE_URL=postgresql://u@db/app?options=-csearch_path%3Db PGOPTIONS=-csearch_path=a,-csearch_path=b",
    "TIDEGATE_TARGETS_X_URL=postgresql://u@db/app PGOPTIONS=-csearch_path=a,-csearch_path=a",
    "DATABASE_URL=mysql://u@db/app PGOPTIONS=-csearch_path=a,",
  })
  void optionsOfPostgres_countBesideUrlWithoutAny(String variables, @Nullable String options) {
    assertThat(reading(variables).target().url().parameters().get("options")).isEqualTo(options);
  }

  @Test
  void parts_mayAllStandInFiles(@TempDir Path folder) {
    for (String prefix : List.of("PG", "MYSQL_", "REDIS_", "MONGO_")) {
      Reading reading = new Reading();
      Map.of("HOST", "db", "PORT", "7000", "USER", "u", "PASSWORD", "secret", "DATABASE", "1")
          .forEach((part, value) ->
              reading.env(
                  prefix + part + "_FILE",
                  Reading.file(folder, prefix + part, value + "\n").toString()));
      Target target = reading.target();
      assertThat(target.url().toString()).endsWith("://db:7000/1");
      assertThat(target.credentials().username()).isEqualTo("u");
      assertThat(target.credentials().password()).isEqualTo(Secret.of("secret"));
      Reading.file(folder, prefix + "PASSWORD", "rotated\n");
      assertThat(target.credentials().password()).isEqualTo(Secret.of("rotated"));
    }
  }

  @Test
  void severalServices_areSeveralTargets() {
    assertThat(reading("PGHOST=db PGUSER=u REDIS_HOST=cache MONGO_HOST=docs").settings().targets())
        .extracting(target -> target.url().toString())
        .containsExactly("postgresql://db:5432", "redis://cache:6379", "mongodb://docs:27017");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGUSER=u PGPASSWORD=secret",
        "PGPASSWORD=secret",
        "PGDATABASE=app",
        "PGPORT=5432",
        "PGHOST= PGUSER=u",
        "REDIS_HOST=",
        "DB_HOST=",
        "DB_PASSWORD=secret",
        "DB_NAME=app DB_USER=u DB_PASSWORD=secret",
        "DB_CONNECTION=pgsql DB_DATABASE=app",
        "DB_CONNECTION=sqlite",
        "MYSQL_USER=u MYSQL_PASSWORD=secret MYSQL_DATABASE=app",
        "REDIS_PASSWORD=secret",
        "REDIS_PORT=6379",
        "MONGO_USER=u MONGO_PASSWORD=secret",
      })
  void halfASet_isRefusedAndNeverSilentlyNothing(String variables) {
    for (String other : List.of("", " VALKEY_URL=sqlite:app.db")) {
      Reading reading = reading(variables + other);
      assertThat(reading.refusal().exit().number()).isEqualTo(78);
      String first = variables.replaceAll("=.*", "").replace("PGHOST", "PGUSER");
      assertThat(reading.text()).contains(first).doesNotContain("secret");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DB_HOST=db DB_NAME=app DB_USER=u | which kind of database",
        "DB_HOST=db DB_PORT=7777 DB_NAME=app | which kind of database",
        "DB_CONNECTION=sqlsrv DB_HOST=db | kind of database that is not known",
        "DB_CONNECTION=mysql DB_HOST=db DB_USER=a DB_USERNAME=b | say two things",
        "DB_CONNECTION=mysql DB_ENGINE=django.db.backends.postgresql DB_HOST=db | say two things",
        "DB_CONNECTION=mysql DB_HOST=db DB_NAME=a DB_DATABASE=b | say two things",
        "PGHOST=a PGUSER=u DB_CONNECTION=pgsql DB_HOST=b | another place is named by PGHOST",
        "PGHOST=a PGDATABASE=x DB_CONNECTION=pgsql DB_HOST=a DB_NAME=y | another place is named by PGHOST",
        "DATABASE_URL=postgresql://u@a/app PGHOST=b | another place is named by DATABASE_URL",
        "DATABASE_URL=postgresql://u@a:5432/app PGHOST=a PGPORT=5433 | another place is named by DATABASE_URL",
        "DB_URL=mysql://u@a/app DB_CONNECTION=mysql DB_HOST=b | another place is named by DB_URL",
        "POSTGRES_URL=postgresql://u@a/app POSTGRES_HOST=b | another place is named by POSTGRES_URL",
        "REDIS_HOST=a REDIS_SCHEME=carrier-pigeon | scheme of Redis that is not known",
        "DATABASE_URL=postgresql://u@a/app PGHOST=a PGDATABASE=b | another place is named by DATABASE_URL",
        "DATABASE_URL=mysql://u@a/app DB_HOST=b DB_NAME=app | another place is named by DATABASE_URL",
        "REDIS_URL=redis://a REDIS_HOST=b | another place is named by REDIS_URL",
        "PGHOST=/var/run/postgresql PGUSER=u | socket file",
        "PGHOST=a PGSERVICE=orders | names a place that Tidegate cannot go to",
        "PGHOST=a PGPORT=abc | host or port is not valid",
        "REDIS_HOST=tls://a:6379 | REDIS_HOST: a URL stands where a host is expected",
        "DB_CONNECTION=pgsql DB_HOST=https://a | a URL stands where a host is expected",
      })
  void setThatIsAmbiguous_isRefusedInAClearSentence(String variables, String sentence) {
    Reading reading = reading(variables);
    assertThat(reading.refusal().exit().number()).isEqualTo(78);
    assertThat(reading.text()).contains(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_URL=postgresql://u:secret@a/app PGHOST=a PGUSER=u PGPASSWORD=other",
        "DATABASE_URL=postgresql://u@a/app PGUSER=u PGPASSWORD=secret PGDATABASE=app",
        "DATABASE_URL=postgresql://u@a/app PGPASSWORD=secret",
        "DATABASE_URL=postgresql://a/app PGUSER=u PGPASSWORD=secret",
        "DATABASE_URL=postgresql://u:secret@a/app DB_PASSWORD=other DB_CONNECTION=pgsql",
        "POSTGRES_URL=postgresql://u:secret@a:5432/app DB_HOST=a DB_PORT=5432 DB_NAME=app",
        "PGHOST=a PGUSER=u PGPASSWORD=secret PGDATABASE=app DB_CONNECTION=pgsql DB_HOST=a DB_NAME=app",
        "PGPASSWORD=secret DB_CONNECTION=pgsql DB_HOST=a DB_NAME=app DB_USER=u",
      })
  void partsBesideAUrlOfTheSamePlace_areOneTargetAndFillItsGaps(String variables) {
    Target target = reading(variables).target();
    assertThat(target.url().hosts().getFirst()).hasToString("a:5432");
    assertThat(target.url().path()).isEqualTo("app");
    assertThat(target.credentials().username()).isEqualTo("u");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("secret"));
  }

  /** The variables of the server's own image, in an environment that both containers share. */
  @Test
  void passwordOfAnotherUser_isNotGivenToTheUrl() {
    Target target =
        reading("DATABASE_URL=mysql://root@a/app MYSQL_USER=u MYSQL_PASSWORD=secret").target();
    assertThat(target.credentials().username()).isEqualTo("root");
    assertThat(target.credentials().password()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PGHOST=db PGSSLMODE=require, ENCRYPTED",
    "PGHOST=db PGSSLMODE=verify-full, VERIFY_FULL",
    "MYSQL_HOST=db MYSQL_SSL_MODE=VERIFY_CA, VERIFY_CA",
    "REDIS_HOST=db REDIS_TLS=true, VERIFY_FULL",
    "DB_CONNECTION=pgsql DB_HOST=db DB_SSLMODE=no-verify, ENCRYPTED",
    "DB_CLIENT=pg DB_HOST=db DB_USE_SSL=true, VERIFY_FULL",
    "REDIS_HOST=db REDIS_USE_SSL=true, VERIFY_FULL",
    "REDIS_HOST=db REDIS_TLS_ENABLED=yes, VERIFY_FULL",
    "REDIS_HOST=db REDIS_SSL_ENABLED=false, NONE",
    "MYSQL_HOST=db MYSQL_TLS=skip-verify, ENCRYPTED",
    "MARIADB_HOST=db MARIADB_SSL=1, VERIFY_FULL",
    "POSTGRES_HOST=db POSTGRES_SSL=true, VERIFY_FULL",
    "POSTGRES_HOST=db POSTGRES_SSL_MODE=require, ENCRYPTED",
    "MONGO_HOST=db MONGO_TLS_ENABLED=true, VERIFY_FULL",
  })
  void wordForTls_beside_isObeyed(String variables, Level level) {
    assertThat(reading(variables).target().tlsPolicy().level()).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DATABASE_URL=postgresql://u@a/app PGSSLMODE=require | ENCRYPTED",
        "DATABASE_URL=postgresql://u@a/app PGSSLMODE=disable | NONE",
        "DATABASE_URL=postgresql://u@a/app PGHOST=a PGSSLMODE=verify-full | VERIFY_FULL",
        "DATABASE_URL=postgresql://u@a/app PGREQUIRESSL=1 | ENCRYPTED",
        "DATABASE_URL=postgresql://u@a/app?sslmode=verify-full PGSSLMODE=require | VERIFY_FULL",
        "DATABASE_URL=postgresql://u@a/app?sslmode=require PGSSLMODE=prefer | ENCRYPTED",
        "DATABASE_URL=postgresql://u@a/app DB_SSLMODE=verify-ca | VERIFY_CA",
        "DATABASE_URL=mysql://u@a/app DB_SSL=true | VERIFY_FULL",
        "DATABASE_URL=mysql://u@a/app MYSQL_SSL_MODE=REQUIRED | ENCRYPTED",
        "DATABASE_URL=mysql://u@a/app MYSQL_ATTR_SSL_CA=/ca.pem | VERIFY_CA",
        "DB_CONNECTION=mysql DB_HOST=a MYSQL_ATTR_SSL_CA=/ca.pem | VERIFY_CA",
        "MYSQL_HOST=a MYSQL_ATTR_SSL_CA=/ca.pem | VERIFY_CA",
        "REDIS_URL=redis://a REDIS_TLS=true | VERIFY_FULL",
        "REDIS_URL=rediss://a REDIS_TLS=true | VERIFY_FULL",
        "REDIS_URL=redis://a REDIS_SSL=true | VERIFY_FULL",
        "REDIS_URL=redis-sentinel://a,b/0#main REDIS_SSL=true | VERIFY_FULL",
        "REDIS_URL=redis://a REDIS_SCHEME=tls | VERIFY_FULL",
        "REDIS_HOST=a REDIS_SCHEME=tls | VERIFY_FULL",
        "REDIS_HOST=a REDIS_SCHEME=tcp | NONE",
        "SPRING_DATA_REDIS_URL=redis://a SPRING_DATA_REDIS_SSL_ENABLED=true | VERIFY_FULL",
        "SPRING_DATA_REDIS_HOST=a SPRING_DATA_REDIS_SSL_ENABLED=true | VERIFY_FULL",
        "SPRING_DATA_REDIS_HOST=a SPRING_DATA_REDIS_SSL_ENABLED=false | NONE",
        "DATABASE_URL=postgresql://u@a/app?sslmode=require POSTGRES_SSL=true | ENCRYPTED",
        "DATABASE_URL=mysql://u@a/app?sslmode=required MYSQL_SSL=1 | ENCRYPTED",
        "REDIS_URL=rediss://a?ssl_cert_reqs=none REDIS_TLS_ENABLED=yes | ENCRYPTED",
        "TIDEGATE_TARGETS_DB_URL=postgresql://u@a/app PGSSLMODE=require | ENCRYPTED",
        "TIDEGATE_TARGETS_DB_URL=postgresql://u@a/app PGHOST=b PGSSLMODE=require | IF_OFFERED",
        "TIDEGATE_TARGETS_DB_URL=postgresql://u@a/app?sslmode=disable PGSSLMODE=require | NONE",
      })
  void wordForTls_besideAUrl_isObeyedWhereTheUrlHasNone(
      String variables, Level level, @TempDir Path folder) {
    Path ca = Reading.file(folder, "ca.pem", "a certificate");
    assertThat(reading(variables.replace("/ca.pem", ca.toString())).target().tlsPolicy().level())
        .isEqualTo(level);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PGSSLMODE=bogus DATABASE_URL=postgresql://u@a/app",
        "PGSSLMODE=require DATABASE_URL=postgresql://u@a/app?sslmode=disable",
        "PGSSLMODE=verify-full DATABASE_URL=postgresql://u@a/app?sslmode=require",
        "PGSSLMODE=disable DATABASE_URL=postgresql://u@a/app?sslmode=require",
        "REDIS_TLS=true REDIS_URL=redis://a?ssl=false",
        "REDIS_TLS=false REDIS_URL=rediss://a",
        "DB_SSL=true DATABASE_URL=postgresql://u@a/app?sslmode=prefer",
        "REDIS_TLS=maybe REDIS_URL=redis://a",
        "DB_SSL=perhaps DATABASE_URL=mysql://u@a/app",
        "PGSSLMODE=bogus PGHOST=a",
        "REDIS_TLS=maybe REDIS_HOST=a",
      })
  void wordForTls_thatTheUrlContradictsOrNobodyKnows_isRefusedByItsName(String variables) {
    Reading reading = reading(variables);
    assertThat(reading.refusal().exit().number()).isEqualTo(78);
    assertThat(reading.problem()).startsWith(variables.replaceAll("=.*", "") + ": ");
  }

  /** As docker run --env-file leaves them. A password may have some of its own. */
  @Test
  void quotesAroundParts_areTakenOff() {
    Reading reading =
        reading(
            "DB_CONNECTION=\"pgsql\" DB_HOST='a' DB_PORT=\"5433\" DB_NAME=\"app\" DB_USER=\"u\""
                + " DB_PASSWORD=\"secret\"");
    Target target = reading.target();
    assertThat(target.url()).hasToString("postgresql://a:5433/app");
    assertThat(target.credentials().username()).isEqualTo("u");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("\"secret\""));
    assertThat(reading.settings().warnings())
        .contains("DB_PORT: it stands in quotes, which are left out. Take them off.");
  }

  @Test
  void wordForTls_givesWayToTheTargetsOwnMode() {
    String url = "DATABASE_URL=postgresql://u@a/app?sslmode=disable PGSSLMODE=require";
    assertThat(
            reading(url + " TIDEGATE_TARGETS_DATABASE_TLS_MODE=verify-ca")
                .target()
                .tlsPolicy()
                .level())
        .isEqualTo(Level.VERIFY_CA);
    String unknown = "REDIS_HOST=a REDIS_TLS=maybe TIDEGATE_TARGETS_REDIS_TLS_MODE=verify-full";
    assertThat(reading(unknown).target().tlsPolicy().level()).isEqualTo(Level.VERIFY_FULL);
  }

  /** Which of them is meant cannot be known: nothing is changed, and it is said. */
  @Test
  void wordForTls_besideNamedTargets_isReportedInALine() {
    String one = "PGSSLMODE=require TIDEGATE_TARGETS_A_URL=postgresql://u@a/app";
    assertThat(reading(one).settings().warnings())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("PGSSLMODE: it is obeyed for TIDEGATE_TARGETS_A_URL");
    Settings both = reading(one + " TIDEGATE_TARGETS_B_URL=postgresql://u@b/app").settings();
    assertThat(both.targets())
        .allSatisfy(target -> assertThat(target.tlsPolicy().level()).isEqualTo(Level.IF_OFFERED));
    assertThat(both.warnings())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("PGSSLMODE: it is not obeyed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DATABASE_URL=postgresql://u@a PGDATABASE=app | postgresql://a:5432/app",
        "DATABASE_URL=postgresql://u@a PGHOST=a PGDATABASE=app | postgresql://a:5432/app",
        "DATABASE_URL=postgresql://u@a/app PGPORT=5433 | postgresql://a:5433/app",
        "DATABASE_URL=postgresql://u@a/app PGHOST=a PGPORT=5433 | postgresql://a:5433/app",
        "DATABASE_URL=postgresql://u@a,b/app PGPORT=5433 | postgresql://a:5433,b:5433/app",
        "DATABASE_URL=postgresql://u@a:5432/app PGPORT=5433 | postgresql://a:5432/app",
        "DATABASE_URL=postgresql://u@a/app PGDATABASE=other | postgresql://a:5432/app",
        "DATABASE_URL=mysql://u@a MYSQL_DATABASE=app | mysql://a:3306/app",
        "DATABASE_URL=mysql://u@a DB_NAME=app | mysql://a:3306/app",
        "DB_URL=mysql://u@a DB_CONNECTION=mysql DB_DATABASE=app | mysql://a:3306/app",
        "TIDEGATE_TARGETS_DB_URL=postgresql://u@a PGDATABASE=app | postgresql://a:5432/app",
        "DATABASE_URL=mysql://u@a/app MYSQL_PORT=3307 | mysql://a:3306/app",
      })
  void place_thatTheUrlLeavesOpen_isTakenFromTheVariables(String variables, String url) {
    assertThat(reading(variables).target().url()).hasToString(url);
  }

  @Test
  void part_thatAUrlOverrules_isReportedInALine() {
    assertThat(reading("DATABASE_URL=postgresql://u@a/app PGDATABASE=other").settings().warnings())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("PGDATABASE: it is not obeyed: DATABASE_URL says otherwise");
  }

  @Test
  void libpqsOtherVariables_areParametersOfTheUrl(@TempDir Path folder) {
    Path options = Reading.file(folder, "options", "-c search_path=app\n");
    Reading reading =
        reading(
            "DATABASE_URL=postgresql://u@a/app PGSSLCERT=/c PGSSLKEY=/k PGSSLROOTCERT=/r"
                + " PGCHANNELBINDING=require PGOPTIONS_FILE="
                + options);
    assertThat(reading.target().url().parameters())
        .containsEntry("options", "-c search_path=app")
        .containsEntry("sslcert", "/c")
        .containsEntry("sslkey", "/k")
        .containsEntry("sslrootcert", "/r")
        .containsEntry("channel_binding", "require");
  }

  @Test
  void wordForTls_mayStandInAFile(@TempDir Path folder) {
    Path file = Reading.file(folder, "mode", "require\n");
    for (String parts :
        List.of(
            "DATABASE_URL=postgresql://u@a/app PGSSLMODE_FILE=",
            "PGHOST=a PGSSLMODE_FILE=",
            "DB_CONNECTION=pgsql DB_HOST=a DB_SSLMODE_FILE=")) {
      assertThat(reading(parts + file).target().tlsPolicy().level()).isEqualTo(Level.ENCRYPTED);
    }
  }

  @Test
  void springsUserAndPassword_mayStandInFiles(@TempDir Path folder) {
    Target target =
        reading(
                "SPRING_DATASOURCE_URL=jdbc:postgresql://a/app SPRING_DATASOURCE_USERNAME_FILE="
                    + Reading.file(folder, "user", "u\n")
                    + " SPRING_DATASOURCE_PASSWORD_FILE="
                    + Reading.file(folder, "password", "secret\n"))
            .target();
    assertThat(target.credentials().username()).isEqualTo("u");
    assertThat(target.credentials().password()).isEqualTo(Secret.of("secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DB_HOST_FILE=",
        "PGHOST_FILE=",
        "REDIS_HOST_FILE=",
        "POSTGRES_HOST=",
        "MONGO_URI=",
        "DB_URL=",
      })
  void missingValue_neverOpensTheGate(String variable) {
    assertThat(reading(variable + " VALKEY_URL=sqlite:app.db").refusal().exit().number())
        .isEqualTo(78);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POSTGRES_HOST=a POSTGRES_DB=app POSTGRES_USER=u POSTGRES_PASSWORD=p | postgresql://a:5432/app",
        "MARIADB_HOST=a MARIADB_DATABASE=app | mariadb://a:3306/app",
        "MONGO_URI=mongodb://a/app | mongodb://a:27017/app",
        "DB_URL=postgresql://a/app | postgresql://a:5432/app",
        "SPRING_DATA_REDIS_HOST=a SPRING_DATA_REDIS_PORT=6380 | redis://a:6380",
      })
  void furtherConventions_areKnownBesideAnotherService(String variables, String url) {
    assertThat(reading("DATABASE_URL=sqlite:app.db " + variables).settings().targets())
        .extracting(target -> target.url().toString())
        .contains(url);
  }

  /** The server's own image is set up by the same variables, in an environment that both share. */
  @Test
  void variablesOfAServersImage_declareNothing() {
    for (String server : List.of("POSTGRES", "MARIADB")) {
      assertThat(
              reading(
                      "REDIS_URL=redis://a %1$s_USER=u %1$s_PASSWORD=secret %1$s_DATABASE=x"
                          .formatted(server))
                  .target()
                  .url())
          .hasToString("redis://a:6379");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DB_DRIVER=pdo_mysql, mysql",
    "DB_DRIVER=org.postgresql.Driver, postgresql",
    "DB_DRIVER=com.mysql.cj.jdbc.Driver, mysql",
    "DB_DRIVER=asyncpg, postgresql",
    "DB_DRIVER=postgresql+asyncpg, postgresql",
    "DB_TYPE=postgresdb, postgresql",
    "DB_CONNECTION=mysql DB_DRIVER=pdo_mysql, mysql",
    "DB_CLIENT=mysql2, mysql",
    "DB_CLIENT=cockroachdb, postgresql",
    "DB_ADAPTER=Ecto.Adapters.Postgres, postgresql",
    "DB_VENDOR=\"mariadb\", mariadb",
    "DB_CONNECTION=mysql DB_VENDOR=mariadb, mysql",
    "DB_CLIENT=psql DB_PORT=5432, postgresql",
  })
  void wordsOfDrivers_areUnderstood(String variables, String scheme) {
    assertThat(reading(variables + " DB_HOST=a DB_NAME=app").target().url().scheme())
        .isEqualTo(scheme);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DB_CONNECTION=mysql DB_URL=mysql://u:p@a/app",
        "DB_CONNECTION=sqlite DB_URL=sqlite:////data/app.db",
      })
  void laravelsUrl_isOneTarget(String variables) {
    assertThat(reading(variables).target().name()).isEqualTo("db-url");
  }

  /** Of apps that keep nothing there, or mean something else by them. */
  @ParameterizedTest
  @ValueSource(strings = {"DB_CLIENT=sqlite3", "DB_CLIENT=prisma", "DB_VENDOR=h2", "DB_ADAPTER=pg"})
  void wordThatMayMeanSomethingElse_declaresNothingAlone(String variable) {
    assertThat(reading(variable + " REDIS_URL=redis://a").target().name()).isEqualTo("redis");
    assertThat(reading(variable + " DATABASE_URL=mysql://u@a/app").target().name())
        .isEqualTo("database");
  }

  @Test
  void quotesAroundNothing_areNothing() {
    assertThat(
            reading("DB_CONNECTION=pgsql DB_HOST=a DB_USER=\"\" DB_PORT=''")
                .target()
                .credentials()
                .username())
        .isNull();
    assertThat(reading("REDIS_HOST=\"\" DATABASE_URL=mysql://u@a/app").problem())
        .startsWith("REDIS_HOST: no host is declared");
  }

  @Test
  void laravelsEmptyUrl_isNoneBesideParts() {
    assertThat(reading("DB_URL= DB_CONNECTION=mysql DB_HOST=a DB_DATABASE=app").target().url())
        .hasToString("mysql://a:3306/app");
  }

  @Test
  void laravelsNull_isNoPasswordOfRedis() {
    assertThat(reading("REDIS_HOST=a REDIS_PASSWORD=null").target().credentials().password())
        .isNull();
    assertThat(reading("REDIS_URL=redis://a REDIS_PASSWORD=null").target().credentials().password())
        .isNull();
  }

  @Test
  void fileOfPasswords_isNamedAsNotRead() {
    assertThat(reading("DATABASE_URL=postgresql://u@a/app PGPASSFILE=/p").settings().warnings())
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("PGPASSFILE: a file of passwords is not read", "PGPASSWORD_FILE");
    assertThat(
            reading("DATABASE_URL=postgresql://u:secret@a/app PGPASSFILE=/p").settings().warnings())
        .isEmpty();
  }

  @Test
  void onlyTheCauseIsReported_whereAPartIsRefused() {
    assertThat(reading("PGUSER=u").problem()).startsWith("PGUSER: no host is declared");
  }

  @Test
  void sqliteFile_isTheOneThatIsNamed_whateverItsName() {
    for (String name : List.of("my#1 db.sqlite", "a?b%20c.db", "/data/ü+1.db")) {
      Reading reading = new Reading().env("DB_CONNECTION", "sqlite").env("DB_DATABASE", name);
      assertThat(reading.target().url().path()).isEqualTo(name);
    }
  }

  @Test
  void sqliteOfLaravelAndDjango_isItsFile() {
    assertThat(reading("DB_CONNECTION=sqlite DB_DATABASE=/data/app.db").target().url())
        .hasToString("sqlite:/data/app.db");
    assertThat(reading("DB_ENGINE=django.db.backends.sqlite3 DB_NAME=db.sqlite3").target().url())
        .hasToString("sqlite:db.sqlite3");
  }

  /** Kubernetes sets them for services that are called redis, mysql or db. */
  @Test
  void linksToServices_areNoParts() {
    assertThat(
            reading(
                    "DATABASE_URL=sqlite:app.db REDIS_PORT=tcp://10.0.0.1:6379"
                        + " MYSQL_PORT=tcp://10.0.0.2:3306 DB_PORT=tcp://10.0.0.3:5432")
                .target()
                .url())
        .hasToString("sqlite:app.db");
  }

  @Test
  void parts_giveWayToDeclaredUrls_andTakeFurtherKeys() {
    assertThat(reading("PGPASSWORD=x TIDEGATE_TARGETS_DB_URL=redis://h").target().name())
        .isEqualTo("db");
    assertThat(
            reading("REDIS_HOST=cache TIDEGATE_TARGETS_REDIS_PURPOSE=cache")
                .target()
                .purpose()
                .name())
        .isEqualTo("CACHE");
  }

  private static Reading reading(String variables) {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String one : variables.split(" ", -1)) {
      if (!one.isEmpty()) {
        environment.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
      }
    }
    Reading reading = new Reading();
    environment.forEach(reading::env);
    return reading;
  }
}
