package io.tidegate.engine.sqlite;

import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.sql.ClientName;
import io.tidegate.migration.sql.MigrationLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the operating system on a file beside the database, {@code <file>.tidegate-lock}, which
 * is free when its process ends, however it ends. The file stays; it tells who holds the lock, or
 * is empty.
 *
 * <p>On POSIX a process loses its lock when it closes any channel to that file. So whatever this
 * process does with lock files happens under one monitor, and never opens one that it holds.
 */
final class SqliteLock implements MigrationLock {
  private static final int LONGEST_TEXT = 1024;

  /** The lock files that this process holds. */
  private static final Map<Path, LockHolder> HELD = new HashMap<>();

  private final Path file;
  private @Nullable FileChannel channel;

  SqliteLock(Path database) {
    Path real = real(database);
    this.file = real.resolveSibling(real.getFileName() + ".tidegate-lock").normalize();
  }

  /** A link to the database leads to the lock of the database. */
  private static Path real(Path database) {
    try {
      if (Files.exists(database)) {
        return database.toRealPath();
      }
      Path folder = database.toAbsolutePath().getParent();
      return folder == null
          ? database
          : folder.toRealPath().resolve(database.toAbsolutePath().getFileName());
    } catch (IOException e) {
      return database; // Whoever opens it tells why.
    }
  }

  @Override
  public boolean tryAcquire() throws SQLException {
    synchronized (HELD) {
      if (HELD.containsKey(file)) {
        return false;
      }
      try {
        FileChannel opened =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return lock(opened);
      } catch (IOException e) {
        throw cannotOpen(e);
      }
    }
  }

  /** Locks it, or closes it: what is neither would keep the lock from all others. */
  private boolean lock(FileChannel opened) throws IOException {
    boolean locked = false;
    try {
      if (opened.tryLock() != null) {
        Instant now = Instant.now();
        opened.truncate(0);
        opened.write(
            ByteBuffer.wrap((ClientName.TEXT + "\n" + now).getBytes(StandardCharsets.UTF_8)));
        channel = opened;
        HELD.put(file, new LockHolder(ClientName.TEXT, now, null));
        locked = true;
      }
      return locked;
    } finally {
      if (!locked) {
        opened.close();
      }
    }
  }

  /** No statement frees it. */
  @Override
  public boolean isHeld() {
    synchronized (HELD) {
      return channel != null;
    }
  }

  @Override
  public @Nullable LockHolder holder() throws SQLException {
    synchronized (HELD) {
      LockHolder self = HELD.get(file);
      if (self != null) {
        return self;
      }
      if (!Files.exists(file)) {
        return null;
      }
      try (FileChannel opened =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return opened.tryLock() == null ? read(opened) : null;
      } catch (IOException e) {
        throw cannotOpen(e);
      }
    }
  }

  void release() {
    synchronized (HELD) {
      FileChannel held = channel;
      if (held == null) {
        return;
      }
      channel = null;
      HELD.remove(file);
      try (held) {
        held.truncate(0);
      } catch (IOException e) {
        // The lock goes with the process at the latest.
      }
    }
  }

  private static LockHolder read(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(LONGEST_TEXT);
    channel.read(buffer, 0);
    String[] lines =
        new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).split("\n", -1);
    Instant since = null;
    try {
      since = lines.length > 1 ? Instant.parse(lines[1]) : null;
    } catch (DateTimeParseException e) {
      // Its holder is writing it at this moment.
    }
    return new LockHolder(lines[0].isBlank() ? "another process" : lines[0], since, null);
  }

  private SQLException cannotOpen(IOException e) {
    // Code 14 is SQLite's own for a file that cannot be opened.
    return new SQLException("the lock file " + file + " cannot be used: " + e, null, 14, e);
  }
}
