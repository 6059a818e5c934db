package io.tidegate.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service account's folder as the kubelet makes it: every file leads through {@code ..data} to a
 * folder of its own, and what is new takes effect by turning that link round in one step.
 */
public final class MountedAccount {
  private final Path folder;
  private final AtomicInteger generation = new AtomicInteger();

  /** Mounts these three files. */
  public MountedAccount(Path folder, Path ca, String namespace, String token) {
    this.folder = folder;
    rotate(ca, namespace, token);
    try {
      for (String name : new String[] {"ca.crt", "namespace", "token"}) {
        Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Replaces all three. */
  public void rotate(Path ca, String namespace, String token) {
    try {
      Path made = Files.createDirectory(folder.resolve("..made_" + generation.incrementAndGet()));
      Files.copy(ca, made.resolve("ca.crt"));
      Files.writeString(made.resolve("namespace"), namespace);
      Files.writeString(made.resolve("token"), token);
      Path link = folder.resolve("..data_tmp");
      Files.createSymbolicLink(link, made.getFileName());
      Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
