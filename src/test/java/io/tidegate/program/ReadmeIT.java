package io.tidegate.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README shows of a terminal is what the program prints. */
class ReadmeIT {
  private static final Pattern CONSOLE =
      Pattern.compile("(?m)^```console\\n(.*?)^```$", Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(\\S+)");

  @TempDir Path folder;

  /** Commands and what they print, as README shows them. */
  private record Session(Map<String, String> environment, List<String> printed) {}

  private static Session session(int number) throws IOException {
    String text =
        CONSOLE
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map(match -> match.group(1))
            .toList()
            .get(number);
    Map<String, String> environment = new TreeMap<>(Map.of("TIDEGATE_LOG_FORMAT", "text"));
    List<String> printed = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("$ ")) {
        for (MatchResult variable : VARIABLE.matcher(line).results().toList()) {
          environment.put(variable.group(1), variable.group(2));
        }
      } else {
        printed.add(normal(line));
      }
    }
    return new Session(environment, printed);
  }

  /** Without times, versions and durations, which differ from run to run. */
  private static String normal(String line) {
    return line.replaceAll("^[\\d:.]{12}", "TIME")
        .replaceAll("\\d+ ms", "N ms")
        .replaceAll("PostgreSQL [\\d.]+", "PostgreSQL N");
  }

  @Test
  void the_start_that_it_shows_is_a_real_one() throws Exception {
    Session session = session(0);
    Map<String, String> environment = session.environment();
    try (PostgresServer server = new PostgresServer().with("fsync=on")) {
      server.start();
      server.execute("postgres", "CREATE ROLE app LOGIN PASSWORD 'pw'");
      server.execute("postgres", "CREATE DATABASE app OWNER app");
      server.stop();
      String password = "TIDEGATE_TARGETS_DATABASE_PASSWORD_FILE";
      environment.put(password, Files.writeString(folder.resolve("pw"), "pw").toString());
      String url = environment.getOrDefault("DATABASE_URL", "");
      environment.put("DATABASE_URL", url.replace("5432", Integer.toString(server.port())));
      CountDownLatch missed = new CountDownLatch(1);
      try (TidegateProcess init =
          TidegateProcess.start(
              Path.of("."),
              environment,
              line -> {
                if (line.contains("nothing listens")) {
                  missed.countDown();
                }
              },
              "init")) {
        assertThat(missed.await(2, TimeUnit.MINUTES)).isTrue();
        server.start();
        assertThat(init.exitCode()).as(init.output()).isZero();
        List<String> lines =
            init.output()
                .replace(":" + server.port(), ":5432")
                .lines()
                .map(ReadmeIT::normal)
                // How far the server has come when it is asked again is a matter of chance.
                .filter(line -> !line.contains(" not yet: ") || line.contains("nothing listens"))
                .toList();
        assertThat(lines).isEqualTo(session.printed());
      }
    }
  }

  @Test
  void the_refusal_that_it_shows_is_a_real_one() throws Exception {
    Session session = session(1);
    try (TidegateProcess init =
        TidegateProcess.start(folder, session.environment(), line -> {}, "init")) {
      assertThat(init.exitCode()).isEqualTo(78);
      assertThat(init.output().lines().map(ReadmeIT::normal).toList()).isEqualTo(session.printed());
    }
  }
}
