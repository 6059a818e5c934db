package io.tidegate.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.schema.Requirement.Progress;
import io.tidegate.schema.Requirement.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DjangoAppsTest {
  @TempDir Path folder;

  private void migration(String path, String... body) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "from django.db import migrations\n\nclass Migration(migrations.Migration):\n    "
            + String.join("\n    ", body)
            + "\n    dependencies = []\n");
  }

  private static Progress check(Requirement requirement, String rows) {
    AppliedMigrations history = new AppliedMigrations();
    for (String row : rows.split(" ", -1)) {
      history.apply(row);
    }
    return requirement.check(history);
  }

  @Test
  void migrations_of_every_app_are_needed_and_those_of_installed_packages_are_not()
      throws IOException {
    migration("site/shop/migrations/0001_initial.py");
    migration("site/shop/migrations/0002_total.py");
    migration("site/blog/migrations/0001_initial.py");
    migration("site/lib/site-packages/django/contrib/flatpages/migrations/0001_initial.py");
    migration(".venv/lib/other/migrations/0001_initial.py");
    Files.writeString(folder.resolve("site/shop/migrations/__init__.py"), "");
    Requirement needed = DjangoApps.read(folder);
    assertThat(check(needed, "auth.0001_initial shop.0001_initial"))
        .isEqualTo(
            new Progress(
                State.BEHIND, "migration shop.0001_initial is applied, 2 behind shop.0002_total"));
    assertThat(
            check(needed, "blog.0001_initial shop.0001_initial shop.0002_total auth.0001_initial"))
        .isEqualTo(new Progress(State.REACHED, "blog.0001_initial, shop.0002_total"));
    assertThat(check(needed, "blog.0001_initial shop.0001_initial shop.0002_total shop.0003_x"))
        .isEqualTo(new Progress(State.AHEAD, "shop.0003_x, ahead of shop.0002_total"));
  }

  @Test
  void the_migrations_of_one_app_may_be_the_folder() throws IOException {
    migration("shop/migrations/0001_initial.py");
    Requirement needed = DjangoApps.read(folder.resolve("shop/migrations"));
    assertThat(check(needed, "shop.0001_initial").state()).isEqualTo(State.REACHED);
    assertThat(check(needed, "blog.0001_initial"))
        .isEqualTo(
            new Progress(State.BEHIND, "no migration is applied, 1 behind shop.0001_initial"));
  }

  @Test
  void one_that_replaces_thousands_is_read() throws IOException {
    StringBuilder replaces = new StringBuilder("replaces = [\n");
    for (int i = 0; i < 3000; i++) {
      replaces.append("        ('shop',\n            '%04d_a'),\n".formatted(i));
    }
    migration("shop/migrations/3000_squashed.py", replaces.append("    ]").toString());
    Requirement needed = DjangoApps.read(folder);
    assertThat(check(needed, "shop.3000_squashed").state()).isEqualTo(State.REACHED);
    assertThat(check(needed, "shop.2999_a").state()).isEqualTo(State.BEHIND);
  }

  /** A squashed migration runs where none of the old ones has, and stands for them where all have. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x.y                                    | no migration is applied, 2 behind shop.0003_c
          shop.0001_a                            | migration shop.0001_a is applied, 2 behind shop.0003_c
          shop.0001_a shop.0002_b                | migration shop.0002_b is applied, 1 behind shop.0003_c
          shop.0001_squashed_0002                | migration shop.0002_b is applied, 1 behind shop.0003_c
          shop.0001_a shop.0002_b shop.0003_c    | shop.0003_c
          shop.0001_squashed_0002 shop.0003_c    | shop.0003_c
          """)
  void a_squashed_migration_replaces_what_it_says(String rows, String sentence) throws IOException {
    migration("shop/migrations/0001_a.py");
    migration("shop/migrations/0002_b.py");
    migration("shop/migrations/0003_c.py");
    migration(
        "shop/migrations/0001_squashed_0002.py",
        "replaces = [('shop', '0001_a'),",
        "            (\"shop\", \"0002_b\")]");
    assertThat(check(DjangoApps.read(folder), rows).sentence()).isEqualTo(sentence);
  }

  @Test
  void replaced_migrations_may_be_gone_from_the_folder() throws IOException {
    migration(
        "shop/migrations/0001_squashed_0002.py",
        "replaces = [('shop', '0001_a'), ('shop', '0002_b')]");
    Requirement needed = DjangoApps.read(folder);
    assertThat(check(needed, "shop.0001_a shop.0002_b").state()).isEqualTo(State.REACHED);
    assertThat(check(needed, "shop.0001_squashed_0002").state()).isEqualTo(State.REACHED);
    assertThat(check(needed, "shop.0001_a").state()).isEqualTo(State.BEHIND);
  }

  @Test
  void a_file_without_a_migration_two_folders_of_one_app_and_an_empty_folder_are_refused()
      throws IOException {
    assertThatThrownBy(() -> DjangoApps.read(folder)).hasMessageContaining("holds no migration");
    migration("shop/migrations/0001_a.py");
    migration("old/shop/migrations/0001_a.py");
    assertThatThrownBy(() -> DjangoApps.read(folder))
        .hasMessageContaining("old/shop/migrations and shop/migrations are both the app shop");
    Files.delete(folder.resolve("old/shop/migrations/0001_a.py"));
    Files.writeString(folder.resolve("shop/migrations/tools.py"), "import os\n");
    assertThatThrownBy(() -> DjangoApps.read(folder))
        .hasMessageContaining("tools.py, which has no class Migration");
    Files.delete(folder.resolve("shop/migrations/tools.py"));
    migration("shop/migrations/0002_b.py", "replaces = [('shop', n) for n in NAMES]");
    assertThatThrownBy(() -> DjangoApps.read(folder))
        .hasMessageContaining("0002_b.py, whose replaces is computed");
    migration("shop/migrations/0002_b.py", "replaces = ['0001_a']");
    assertThatThrownBy(() -> DjangoApps.read(folder))
        .hasMessageContaining("0002_b.py, whose replaces does not pair");
  }
}
