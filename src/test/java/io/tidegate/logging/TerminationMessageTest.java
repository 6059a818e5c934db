package io.tidegate.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminationMessageTest {
  @TempDir private Path folder;

  @Test
  void message_isRedactedAndReplacesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "a longer text that was there before");
    Secret secret = Secret.of("termination-canary");
    new TerminationMessage(file).write("refused " + secret.reveal());
    assertThat(file).hasContent("refused ***");
  }

  @Test
  void message_isCutAtACharacter() throws IOException {
    Path file = Files.createFile(folder.resolve("log"));
    new TerminationMessage(file).write("x" + "\u6f6e".repeat(3000));
    assertThat(file).hasSize(4096);
    assertThat(Files.readString(file)).isEqualTo("x" + "\u6f6e".repeat(1365));
    new TerminationMessage(file).write("xy" + "\u6f6e".repeat(3000));
    assertThat(file).hasSize(4094);
  }

  @Test
  void withoutTheFile_nothingIsMade() {
    new TerminationMessage(folder.resolve("none")).write("lost");
    new TerminationMessage(folder).write("lost");
    assertThat(folder).isEmptyDirectory();
  }
}
