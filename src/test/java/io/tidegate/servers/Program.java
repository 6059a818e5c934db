package io.tidegate.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database's own client, to compare with what it makes of the same file. */
public final class Program {
  private Program() {}

  /** Runs it to its end, which must be a good one, and gives what it wrote. */
  public static String run(
      Map<String, String> environment, @Nullable Path input, String... command) {
    try {
      Path errors = Files.createTempFile("program", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      if (input != null) {
        builder.redirectInput(input.toFile());
      }
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor())
          .as(String.join(" ", command) + ": " + Files.readString(errors))
          .isZero();
      Files.delete(errors);
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A program of this machine, if it is installed. */
  public static Optional<String> installed(String name) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** The lines of a text that begin with none of these words. */
  public static List<String> linesWithout(String text, String... words) {
    return text.lines()
        .filter(line -> !line.isBlank() && Stream.of(words).noneMatch(line::startsWith))
        .toList();
  }
}
