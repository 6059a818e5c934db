package io.tidegate.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.engine.Target;
import io.tidegate.engine.TlsPolicy.Level;
import io.tidegate.secret.Secret;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        "DATABASE_URL=postgresql://u@a/app PGHOST=a PGPORT=5433 | another place is named by DATABASE_URL",
        "DATABASE_URL=postgresql://u@a/app PGHOST=a PGDATABASE=b | another place is named by DATABASE_URL",
        "DATABASE_URL=mysql://u@a/app DB_HOST=b DB_NAME=app | another place is named by DATABASE_URL",
        "REDIS_URL=redis://a REDIS_HOST=b | another place is named by REDIS_URL",
        "PGHOST=/var/run/postgresql PGUSER=u | socket file",
        "PGHOST=a PGSERVICE=orders | names a place that Tidegate cannot go to",
        "PGHOST=a PGPORT=abc | host or port is not valid",
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
    "DB_CONNECTION=pgsql DB_HOST=db DB_SSLMODE=no-verify, ENCRYPTED"
  })
  void wordForTls_beside_isObeyed(String variables, Level level) {
    assertThat(reading(variables).target().tlsPolicy().level()).isEqualTo(level);
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
