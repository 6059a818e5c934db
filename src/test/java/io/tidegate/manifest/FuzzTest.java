package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Files as people write them, with pieces cut, doubled, swapped and replaced. Whatever comes of it is
 * checked or noted: nothing is thrown, no rule fails, and nothing takes long. The seed is fixed, so that
 * a failure can be seen again; set {@code tidegate.fuzz} to a number of rounds to look further.
 */
class FuzzTest {
  private static final long SEED = 20_261_121;
  private static final int ROUNDS = Integer.getInteger("tidegate.fuzz", 1_500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          "- ",
          "&a ",
          "*a",
          "<<: *a",
          "|\n",
          "\"",
          "'",
          "#",
          "---\n",
          "!!",
          "!reset ",
          "${",
          "${A:-",
          "}",
          "$$",
          "null",
          "~",
          "\t",
          "\u0000",
          "\u2028",
          "9999999999999",
          "services:",
          "kind: List",
          "items:",
          "image: postgres:",
          "command: [",
          "depends_on:",
          "healthcheck:\n",
          "ports: [\":::\"]",
          "extends: web",
          "test: []",
          "tidegate: accept x");

  @Test
  @Timeout(900)
  void nothing_throws_and_nothing_hangs() throws IOException {
    List<String> seeds = seeds();
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      String text = mutate(seeds.get(random.nextInt(seeds.size())), random);
      long start = System.nanoTime();
      try {
        CheckReport report = Checked.stdin(text);
        assertThat(report.findings())
            .noneMatch(found -> found.finding().evidence().contains("the rule itself failed"));
        for (ReportFormat format : ReportFormat.values()) {
          assertThat(Checked.in(format, report)).isNotNull();
        }
      } catch (RuntimeException | StackOverflowError e) {
        fail("round " + round + " threw " + e + " over\n" + text, e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("round %d over%n%s", round, text)
          .isLessThan(LONGEST);
    }
  }

  private static List<String> seeds() throws IOException {
    List<String> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/check/corpus"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        seeds.add(Files.readString(file));
      }
    }
    RulesTest.rows().map(RulesTest.Row::file).forEach(seeds::add);
    return seeds;
  }

  private static String mutate(String text, Random random) {
    StringBuilder mutant = new StringBuilder(text);
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes && !mutant.isEmpty(); i++) {
      int from = random.nextInt(mutant.length());
      int to = Math.min(mutant.length(), from + random.nextInt(60));
      switch (random.nextInt(6)) {
        case 0 -> mutant.delete(from, to);
        case 1 -> mutant.insert(from, mutant.substring(from, to).repeat(1 + random.nextInt(3)));
        case 2 -> mutant.insert(from, PIECES.get(random.nextInt(PIECES.size())));
        case 3 -> mutant.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
        case 4 -> mutant.setCharAt(from, (char) random.nextInt(0x3000));
        default -> {
          byte[] bytes = mutant.toString().getBytes(StandardCharsets.UTF_8);
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
          mutant.replace(0, mutant.length(), new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
    return mutant.toString();
  }
}
