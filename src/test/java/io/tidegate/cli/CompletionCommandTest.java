package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.problem.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidegate completion}, in a real bash. */
class CompletionCommandTest {
  @TempDir private Path folder;
  private Path script;

  @BeforeEach
  void printScript() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    assertThat(Cli.run(new String[] {"completion"}, Map.of(), stream, stream))
        .isEqualTo(ExitCode.DONE);
    script = Files.write(folder.resolve("tidegate-completion"), out.toByteArray());
  }

  /** What is offered for the last of the words. */
  private String[] offered(String words) throws IOException, InterruptedException {
    String shell =
        """
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        # As bash does it: the function that "complete" has registered.
        "$(complete -p tidegate | sed 's/.*-F \\([^ ]*\\) .*/\\1/')"
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, words);
    Process bash =
        new ProcessBuilder("bash", "--norc", "-c", shell)
            // It complains that nobody has pressed the tab key.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.strip().split("\\s+");
  }

  @Test
  void commands_and_their_options_are_completed() throws Exception {
    assertThat(offered("tidegate ''")).contains("run", "init", "wait", "check", "health");
    assertThat(offered("tidegate re")).containsExactly("resolve");
    assertThat(offered("tidegate check --fo")).containsExactly("--format");
  }
}
