package io.tidegate.engine.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~ ~                              | the file is empty
          []                               | holds no command
          {}                               | the command is empty
          [1]                              | element 1 is not a document
          "create"                         | neither a command document nor an array
          {"create": "a"} {"create": "b"}  | has more after the first value
          {"create": "a",}                 | not valid JSON at line 1, column
          {create: "a"}                    | not valid JSON at line 1, column
          {"create": "a", "create": "b"}   | not valid JSON at line 1, column
          {"insert": {"$numberLong": "x"}} | not Extended JSON
          {"shutdown": 1}                  | acts on the server
          {"replSetStepDown": 1}           | acts on the server
          {"SetParameter": 1}              | acts on the server
          {"getMore": 1}                   | state of the connection
          {"dropDatabase": 1}              | would delete the journal
          {"drop": "tidegate_journal"}     | keeps its own records in
          {"create": "a", "$db": "other"}  | the field $db of create
          """)
  void a_file_that_is_no_changeset_is_refused(String content, String message) throws IOException {
    Files.writeString(directory.resolve("001.json"), content);
    assertThatThrownBy(() -> CommandFile.read(new CommandDirectory(directory).files().getFirst()))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("001.json")
        .hasMessageContaining(message);
  }

  @Test
  void a_link_may_stay_in_the_directory_and_not_leave_it(@TempDir Path outside) throws IOException {
    Path data = Files.createDirectory(directory.resolve("..data"));
    Files.writeString(data.resolve("001.json"), "{\"create\": \"a\"}");
    Files.createSymbolicLink(directory.resolve("001.json"), data.resolve("001.json"));
    assertThat(new CommandDirectory(directory).files()).hasSize(1);

    Files.writeString(outside.resolve("x.json"), "{\"create\": \"a\"}");
    Files.createSymbolicLink(directory.resolve("002.json"), outside.resolve("x.json"));
    assertThatThrownBy(() -> new CommandDirectory(directory).files())
        .hasMessageContaining("leads out of the changelog's directory");
  }
}
