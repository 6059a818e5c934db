package io.tidegate.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.migration.risk.Effect;
import io.tidegate.migration.risk.StatementClassifier;
import io.tidegate.migration.risk.StatementClassifier.Quoting;
import io.tidegate.migration.sql.StatementSplitter;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.StatementSplitter.ScriptStatement;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints what public changelogs for PostgreSQL would destroy or block, for a person to look through:
 * {@code -Dpublic.changelogs=<folder>}, under which are SQL files; those that end in {@code down.sql}
 * are left out.
 */
@EnabledIfSystemProperty(named = "public.changelogs", matches = ".+")
class PublicChangelogsTest {
  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void effects_are_printed() throws IOException {
    Path root = Path.of(System.getProperty("public.changelogs"));
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files =
          all.filter(file -> file.toString().endsWith(".sql"))
              .filter(file -> !file.toString().endsWith("down.sql"))
              .sorted()
              .toList();
    }
    long begin = System.nanoTime();
    try (StatementClassifier classifier = new StatementClassifier(Quoting.STANDARD)) {
      for (Path file : files) {
        count("files");
        classify(classifier, root.relativize(file).toString(), Files.readString(file));
      }
    }
    counts.put("milliseconds", (int) ((System.nanoTime() - begin) / 1_000_000));
    System.out.println(counts);
    assertThat(counts).containsKey("statements");
  }

  private void classify(StatementClassifier classifier, String file, String sql)
      throws IOException {
    StatementSplitter script = new PostgresStatementSplitter(new StringReader(sql), true);
    try {
      for (ScriptStatement next = script.next(); next != null; next = script.next()) {
        count("statements");
        for (Effect effect : classifier.classify(next.text())) {
          count(effect.action().name());
          System.out.printf(
              "%s %s %s: %s%n",
              effect.action(), effect.table(), file, next.text().replaceAll("\\s+", " "));
        }
      }
    } catch (ScriptException e) {
      count("files that psql alone can run");
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
