package io.tidegate.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.problem.ProblemException;
import io.tidegate.schema.Requirement.Progress;
import io.tidegate.schema.Requirement.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Alembic itself makes of such folders is compared in {@code SchemaGateRealToolsTest}. */
class AlembicGraphTest {
  @TempDir Path folder;

  private void script(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private void revision(String revision, String down, String depends) throws IOException {
    script(
        revision + "_x.py",
        """
        \"""x

        Revision ID: %1$s
        revision = 'of the description'
        \"""
        from typing import Sequence, Union

        # revision = 'of a comment'
        revision: str = '%1$s'
        down_revision: Union[str, Sequence[str], None] = %2$s
        branch_labels: Union[str, Sequence[str], None] = None
        depends_on: Union[str, Sequence[str], None] = %3$s


        def upgrade() -> None:
            op.execute(\"""
        revision = 'of a statement'
        \""")
        """
            .formatted(revision, down, depends));
  }

  /** Two branches that are merged, and a third that depends on them. */
  private AlembicGraph branches() throws IOException {
    revision("a1", "None", "None");
    revision("a2", "'a1'", "None");
    revision("b1", "\"a1\"", "None");
    revision("b2", "'b1'", "None");
    revision("m1", "('a2', 'b2')", "None");
    revision("m2", "[\n    'm1',\n]", "None");
    revision("c1", "None", "'b1'");
    revision("c2", "'c1'", "('m2',)");
    return AlembicGraph.read(folder);
  }

  private static Progress check(AlembicGraph graph, String... rows) {
    AppliedMigrations history = new AppliedMigrations();
    for (String row : rows) {
      history.apply(row);
    }
    return graph.check(history);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''      | no revision is applied, 8 behind c2, m2
          a1      | revision a1 is applied, 7 behind c2, m2
          a2 b1   | revisions a2, b1 are applied, 5 behind c2, m2
          c1      | revision c1 is applied, 5 behind c2, m2
          c1 m2   | revisions c1, m2 are applied, 1 behind c2
          m2      | revision m2 is applied, 2 behind c2
          """)
  void how_far_a_history_is_behind_is_counted_over_branches_and_dependencies(
      String rows, String sentence) throws IOException {
    Progress progress = check(branches(), rows.isEmpty() ? new String[0] : rows.split(" ", -1));
    assertThat(progress).isEqualTo(new Progress(State.BEHIND, sentence));
  }

  @Test
  void a_head_that_another_depends_on_needs_no_row_of_its_own() throws IOException {
    assertThat(branches().heads()).containsExactly("c2", "m2");
    assertThat(check(branches(), "c2")).isEqualTo(new Progress(State.REACHED, "c2, m2"));
  }

  @Test
  void revisions_that_the_folder_does_not_know_are_ahead_unless_a_branch_is_seen_to_be_behind()
      throws IOException {
    AlembicGraph graph = branches();
    assertThat(check(graph, "new")).isEqualTo(new Progress(State.AHEAD, "new, ahead of c2, m2"));
    assertThat(check(graph, "c2", "new").state()).isEqualTo(State.AHEAD);
    assertThat(check(graph, "new", "c1"))
        .isEqualTo(new Progress(State.BEHIND, "revisions c1, new are applied, 5 behind c2"));
  }

  @Test
  void a_branch_may_be_named_by_its_label() throws IOException {
    script("a.py", "revision = 'a1'\ndown_revision = None\nbranch_labels = ('shop',)\n");
    script("b.py", "revision = 'b1'\ndown_revision = None\ndepends_on = 'shop'\n");
    assertThat(check(AlembicGraph.read(folder), "b1").state()).isEqualTo(State.REACHED);
  }

  @Test
  void the_folder_above_versions_and_subfolders_are_read_and_helpers_of_python_are_not()
      throws IOException {
    Path versions = Files.createDirectories(folder.resolve("versions/2024"));
    Files.createDirectories(folder.resolve("versions/..data"));
    Files.writeString(versions.resolve("a.py"), "revision = 'a1'\ndown_revision = None\n");
    Files.writeString(
        folder.resolve("versions/..data/a.py"), "revision = 'a1'\ndown_revision = None\n");
    Files.writeString(folder.resolve("versions/__init__.py"), "");
    script("env.py", "import alembic\n");
    assertThat(AlembicGraph.read(folder).heads()).containsExactly("a1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          revision = make()                             | whose revision is computed
          revision = f'{x}'                             | whose revision is computed
          revision = 'a' + 'b'                          | whose revision is computed
          import os                                     | which assigns no revision
          revision = u                                  | whose revision is computed
          revision = 'b1'                               | which assigns no down_revision
          revision = 'b1';\\ndown_revision = None or 'x' | whose down_revision is computed
          revision = 'b1';\\nif x:\\n  down_revision = 'a1' | which assigns no down_revision
          revision = None                               | which assigns no revision
          revision = 'b1';\\ndown_revision = 'gone'     | which follows gone, and that is not in the folder
          revision = 'a1';\\ndown_revision = None        | has the revision a1 twice
          """)
  void a_folder_whose_revisions_cannot_be_told_is_refused_by_the_name_of_the_file(
      String text, String what) throws IOException {
    script("a.py", "revision = 'a1'\ndown_revision = None\n");
    script("b.py", text.replace("\\n", "\n"));
    assertThatThrownBy(() -> AlembicGraph.read(folder))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(what)
        .hasMessageContaining("b.py");
  }

  @Test
  void revisions_in_a_circle_and_an_empty_folder_are_refused() throws IOException {
    assertThatThrownBy(() -> AlembicGraph.read(folder)).hasMessageContaining("holds no migration");
    script("a.py", "revision = 'a1'\ndown_revision = 'b1'\n");
    script("b.py", "revision = 'b1'\ndown_revision = 'a1'\n");
    assertThatThrownBy(() -> AlembicGraph.read(folder)).hasMessageContaining("in a circle");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "revision='a1'",
        "revision = r\"a1\"  # comment",
        "revision = (u'a1')",
        "revision = \"\"\"a1\"\"\"",
        "revision = \\\n    'a1'",
        "revision = (\n    # comment\n    'a1'\n)",
        "x = 'it\\'s # no comment'\nrevision = 'a1'",
        "revision = 'old'\nrevision = 'a1'",
        "\"\"\"an \\\"\"\" escaped end\nrevision = 'no'\n\"\"\"\nrevision = 'a1'",
        "revision: str = 'a1'\r\ndown_revision = None\r\n"
      })
  void a_revision_is_read_however_it_is_written(String text) {
    PythonSource source = PythonSource.of(Path.of("x.py"), text);
    assertThat(source.strings("revision", "")).contains(List.of("a1"));
  }

  @Test
  void a_long_text_in_a_migration_is_no_obstacle() {
    String text =
        "revision = 'a1'\nx = '"
            + "\\n".repeat(200_000)
            + "'\ny = \"\"\""
            + "a'\n".repeat(99_999)
            + "\"\"\"";
    assertThat(PythonSource.of(Path.of("x.py"), text).strings("revision", ""))
        .contains(List.of("a1"));
  }
}
