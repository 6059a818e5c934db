package io.tidegate.migration.sql;

import io.tidegate.digest.Sha256;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of a changelog's files. Each file is read once, by whoever reads it first; it is read
 * again if it may have changed since. Safe for threads.
 */
final class FileHashes {
  /** A file that was changed less than so long ago may change again within the same time stamp. */
  private static final long SETTLED_SECONDS = 2;

  private static final byte[] NONE = {};

  private final Map<Map<String, Object>, byte[]> known = new ConcurrentHashMap<>();

  /**
   * What changes when a file does, or is replaced by another one: with the time of the last change in
   * the file system, which nobody can set. Null where it says too little.
   */
  private static @Nullable Map<String, Object> state(Path file) throws IOException {
    try {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino,size,ctime");
      Instant settled = Instant.now().minusSeconds(SETTLED_SECONDS);
      return attributes.get("ctime") instanceof FileTime changed
              && changed.toInstant().isBefore(settled)
          ? attributes
          : null;
    } catch (UnsupportedOperationException e) {
      return null; // A system without such attributes.
    }
  }

  /** Opens a file; its hash is known once it was read to its end. */
  InputStream open(Path file) throws IOException {
    return new Hashing(file, state(file));
  }

  /**
   * The hash of a file's bytes; empty if it has a parameter, {@code ${...}}, whose value comes from
   * elsewhere.
   */
  Optional<byte[]> of(Path file) throws IOException {
    Map<String, Object> state = known.isEmpty() ? null : state(file);
    byte[] hash = state == null ? null : known.get(state);
    if (hash == null) {
      try (Hashing in = new Hashing(file, state)) {
        in.transferTo(OutputStream.nullOutputStream());
        hash = in.hash;
      }
    }
    return hash == null || hash.length == 0 ? Optional.empty() : Optional.of(hash);
  }

  /** Hashes what is read, which may be larger than the heap. */
  private final class Hashing extends FilterInputStream {
    private final MessageDigest digest = Sha256.digest();
    private final @Nullable Map<String, Object> state;
    private boolean hasParameter;
    private byte last;
    private byte @Nullable [] hash;

    Hashing(Path file, @Nullable Map<String, Object> state) throws IOException {
      // A stream over a channel takes half as long again to open.
      super(new FileInputStream(file.toFile()));
      this.state = state;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int read = in.read(buffer, from, length);
      for (int i = from; i < from + read; i++) {
        hasParameter |= last == '$' && buffer[i] == '{';
        last = buffer[i];
      }
      if (read > 0) {
        digest.update(buffer, from, read);
      } else if (read < 0 && hash == null) {
        hash = hasParameter ? NONE : digest.digest();
        if (state != null) {
          known.put(state, hash);
        }
      }
      return read;
    }
  }
}
