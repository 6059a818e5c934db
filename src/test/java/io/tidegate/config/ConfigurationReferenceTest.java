package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The reference and the JSON schema are made from the table of keys. To write them anew: {@code mvn
 * test -Dtest=ConfigurationReferenceTest -Ddocs=write}.
 */
class ConfigurationReferenceTest {
  private static final Path REFERENCE = Path.of("docs/configuration.md");
  private static final Path SCHEMA = Path.of("docs/tidegate.schema.json");

  @Test
  void reference_isMadeFromTheTable() throws IOException {
    String text = Files.readString(REFERENCE);
    check(REFERENCE, text, with(with(text, "well-known", wellKnown()), "keys", keys()));
  }

  @Test
  void schema_isMadeFromTheTable() throws IOException {
    String text = Files.exists(SCHEMA) ? Files.readString(SCHEMA) : "";
    check(SCHEMA, text, ConfigurationSchema.text());
  }

  private static void check(Path file, String text, String current) throws IOException {
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(file, current);
      return;
    }
    assertThat(text).as(file + "; see the Javadoc of this test").isEqualTo(current);
  }

  @Test
  void keys_areDocumented_andTheirVariablesLeadBackToThem() {
    assertThat(Keys.all())
        .allSatisfy(key -> {
          assertThat(key.doc()).endsWith(".").hasSizeGreaterThan(10);
          String filled = key.of("my-name", "my-own");
          assertThat(key.matches(filled)).isTrue();
          assertThat(key.fromVariable(Key.toVariable(filled))).isEqualTo(filled);
        });
    assertThat(Keys.all()).extracting(Key::pattern).doesNotHaveDuplicates();
  }

  private static String wellKnown() {
    StringBuilder table =
        new StringBuilder("| variable | target | user and password |\n|---|---|---|\n");
    for (WellKnownVariable known : WellKnownVariable.ALL) {
      String credentials =
          known.username() == null
              ? "in the URL"
              : "`%s`, `%s`, or in the URL".formatted(known.username(), known.password());
      table.append(
          "| `%s` | `%s` | %s |\n".formatted(known.variable(), known.target(), credentials));
    }
    return table.toString();
  }

  private static String keys() {
    StringBuilder table =
        new StringBuilder(
            "| key | variable | value | default | meaning |\n|---|---|---|---|---|\n");
    for (Key<?> key : Keys.all()) {
      String fallback = key.fallback() == null ? "" : key.fallback().written();
      table.append(
          "| `%s` | `%s` | %s%s | %s | %s |\n"
              .formatted(
                  Key.PREFIX + key.pattern(),
                  key.variable(),
                  key.valueType().description(),
                  key.secret() ? " (secret)" : "",
                  fallback.isEmpty() ? "" : "`" + fallback + "`",
                  key.doc()));
    }
    return table.toString();
  }

  private static String with(String text, String section, String content) {
    String begin = "<!-- %s:begin -->\n".formatted(section);
    String end = "<!-- %s:end -->".formatted(section);
    assertThat(text).contains(List.of(begin, end));
    return text.substring(0, text.indexOf(begin) + begin.length())
        + content
        + text.substring(text.indexOf(end));
  }
}
