package io.tidegate.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.check.report.CheckReport;
import io.tidegate.check.report.Format;
import io.tidegate.guard.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What we tell people to copy holds to what we tell people, and what we call refused is refused. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("compose-examples");

  /** The folders that are meant to be refused, and by which rule. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "refused-sqlite-three-replicas", "sqlite-replicas",
          "refused-redis-keeps-nothing", "redis-persistence");

  @TestFactory
  Stream<DynamicTest> each_example() throws IOException {
    return folders().stream()
        .map(folder -> DynamicTest.dynamicTest(name(folder), () -> judge(folder)));
  }

  @Test
  void every_refused_example_is_there_and_named_so() throws IOException {
    assertThat(
            folders().stream().map(ExamplesTest::name).filter(name -> name.startsWith("refused")))
        .containsExactlyInAnyOrderElementsOf(REFUSED.keySet());
  }

  @Test
  void every_example_says_what_it_is_and_is_in_the_list() throws IOException {
    String list = Files.readString(EXAMPLES.resolve("README.md"));
    for (Path folder : folders()) {
      assertThat(folder.resolve("README.md")).content().startsWith("# ");
      assertThat(list).contains("(" + name(folder) + "/)");
    }
  }

  private static void judge(Path folder) {
    CheckReport report = Checked.files(folder);
    String text = Checked.in(Format.TEXT, report);
    assertThat(report.files()).as(text).isPositive();
    assertThat(report.notes()).as(text).isEmpty();
    assertThat(report.accepted()).as(text).isEmpty();
    String rule = REFUSED.get(name(folder));
    assertThat(
            report.findings().stream()
                .map(found -> found.finding().severity() + " " + found.finding().rule().id()))
        .as(text)
        .isEqualTo(rule == null ? List.of() : List.of(Severity.ERROR + " " + rule));
  }

  private static List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(EXAMPLES)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }
}
