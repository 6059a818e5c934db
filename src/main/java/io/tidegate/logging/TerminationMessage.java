package io.tidegate.logging;

import io.tidegate.secret.Redactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last words of a run, which Kubernetes shows beside the exit code.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/">Determine
 *     the reason for pod failure</a>
 */
public final class TerminationMessage {
  /** Kubernetes keeps no more. */
  static final int MAX_BYTES = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(TerminationMessage.class);

  /** Where Kubernetes looks unless the pod's {@code terminationMessagePath} says otherwise. */
  public static final String DEFAULT = "/dev/termination-log";

  private final Path file;

  /** Takes the file, which need not exist. */
  public TerminationMessage(Path file) {
    this.file = file;
  }

  /** The file that the environment names, which is needed before settings can be read. */
  public static TerminationMessage of(Map<String, String> environment) {
    return new TerminationMessage(
        Path.of(environment.getOrDefault("TIDEGATE_TERMINATION_LOG", DEFAULT)));
  }

  /**
   * Writes the message where the file exists and can be written, redacted and cut to 4096 bytes.
   * Never fails: the run ends the same without it.
   */
  public void write(String message) {
    try {
      // Only where the platform has put it: making it would leave a file in a developer's /dev.
      if (Files.isRegularFile(file) && Files.isWritable(file)) {
        Files.write(
            file,
            cut(Redactor.redact(message)),
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("cannot write {}", file, e);
    }
  }

  /** At most so many bytes, and no half character at the end. */
  private static byte[] cut(String message) {
    ByteBuffer kept = ByteBuffer.allocate(MAX_BYTES);
    // The encoder stops before the first character that does not fit whole.
    StandardCharsets.UTF_8
        .newEncoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .encode(CharBuffer.wrap(message), kept, true);
    byte[] bytes = new byte[kept.flip().remaining()];
    kept.get(bytes);
    return bytes;
  }
}
