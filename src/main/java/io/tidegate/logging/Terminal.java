package io.tidegate.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person reads along. */
final class Terminal {
  private Terminal() {}

  /**
   * Asks the kernel what the stream is; false where there is no {@code /proc}. {@code
   * Console.isTerminal} would not do: it asks for standard input as well, which {@code docker run
   * -t} does not connect.
   */
  static boolean at(Logs.Output output) {
    Path stream = Path.of("/proc/self/fd", output == Logs.Output.STDOUT ? "1" : "2");
    try {
      String device = Files.readSymbolicLink(stream).toString();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
