package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.policy.Evidence;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.replicas.ReplicaCount;
import io.tidegate.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A secret in each place where a secret can stand never shows in any text. */
class CanaryTest {
  private static final String CANARY = "c4n4ry-Tweet";

  @TempDir private Path folder;

  static Stream<String> urls() {
    return Stream.of(
            "postgresql://u:%s@h/app",
            "postgresql://h/app?user=u&password=%s",
            "postgresql://h/app?sslpassword=%s",
            "jdbc:mariadb://h/app?user=u&password=%s&keyStorePassword=%s",
            "redis://%s@h",
            "redis-sentinel://:%s@a,b/0#m",
            "mongodb://u:%s@a,b/app",
            "mongodb://u@a/?authMechanismProperties=AWS_SESSION_TOKEN:%s",
            "jdbc:sqlite:app.db?password=%s")
        .map(url -> url.replace("%s", CANARY));
  }

  @ParameterizedTest
  @MethodSource("urls")
  void textOfSettings_hidesWhatStandsInAUrl(String url) {
    check(Reading.of("DATABASE_URL", url).settings());
    Path file = Reading.file(folder, "url", url);
    check(Reading.of("DATABASE_URL_FILE", file.toString()).settings());
  }

  @Test
  void textOfSettings_hidesWhatStandsElsewhere() throws Exception {
    Path file = Reading.file(folder, "password", CANARY);
    check(
        Reading.of("TIDEGATE_TARGETS_DB_URL", "postgresql://u@h/app")
            .env("TIDEGATE_TARGETS_DB_PASSWORD", CANARY)
            .env("ANYTHING", CANARY)
            .settings());
    Settings settings =
        Reading.of("TIDEGATE_TARGETS_DB_URL", "postgresql://u@h/app")
            .env("TIDEGATE_TARGETS_DB_PASSWORD_FILE", file.toString())
            .settings();
    check(settings);
    // Rotated into something unusable: the message must not tell what.
    Files.write(file, (CANARY + "\u00e4").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    try {
      settings.targets().getFirst().credentials().password();
    } catch (ProblemException e) {
      assertThat(e).message().contains("not UTF-8").doesNotContain(CANARY);
    }
  }

  private static void check(Settings settings) {
    Target target = settings.targets().getFirst();
    assertThat(
            Stream.of(
                settings,
                target,
                target.url(),
                target.credentials(),
                String.valueOf(target.credentials().password()),
                new Evidence(
                    new ReplicaCount.Unknown("test"),
                    settings.targets(),
                    Map.of(),
                    settings.environment())))
        .extracting(Object::toString)
        .noneMatch(text -> text.contains(CANARY));
  }

  static Stream<UnaryOperator<String>> damages() {
    return Stream.of(
        url -> url.replace("://", ":"),
        url -> url.replace("://", ""),
        url -> "x" + url,
        url -> url.replaceFirst("[a-z:+-]+:", ""),
        url -> url + ":x",
        url -> url.replace("@", "/"),
        url -> url.replace(":", "@"),
        url -> url.replace(CANARY, CANARY + "/1"),
        url -> url.replace(CANARY, CANARY + "#1"),
        url -> url.replace(CANARY, "1?" + CANARY),
        url -> url.replace(CANARY, CANARY + " "),
        url -> url.replace(CANARY, CANARY + "%ff"),
        url -> url.replace(CANARY, CANARY + "x".repeat(70_000)),
        url -> CANARY);
  }

  @ParameterizedTest
  @MethodSource("damages")
  void messageAboutADamagedUrl_hidesIt(UnaryOperator<String> damage) {
    urls()
        .forEach(url -> {
          for (String variable : new String[] {"DATABASE_URL", "TIDEGATE_TARGETS_DATABASE_URL"}) {
            refuses(Reading.of(variable, damage.apply(url)));
          }
          Path file = Reading.file(folder, "url", damage.apply(url));
          refuses(Reading.of("DATABASE_URL_FILE", file.toString()));
          refuses(new Reading().flag("targets.db.url", damage.apply(url)));
        });
  }

  @Test
  void messageAboutAnyOtherKey_hidesItsValue() {
    for (Key<?> key : Keys.all()) {
      if (!key.valueType().equals(ValueType.PATH)) {
        refuses(Reading.of("DATABASE_URL", "oracle://h").env(key.variable("database"), CANARY));
      }
    }
  }

  /** Some damage leaves a URL that can be read, if not as it was meant. */
  private static void refuses(Reading reading) {
    try {
      Settings settings = reading.settings();
      assertThat(settings.toString()).doesNotContain(CANARY);
    } catch (ProblemException e) {
      assertThat(e.problems()).extracting(Problem::line).noneMatch(line -> line.contains(CANARY));
    }
  }
}
