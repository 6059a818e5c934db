package io.tidegate.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A server in a process of its own, with its data in a folder of its own. It can be started late,
 * stopped, killed, paused and started again on the same port with the same data.
 */
public abstract class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final int port = Ports.free();
  private @Nullable Process process;
  private int starts;

  ServerProcess(String name) {
    try {
      folder = Files.createTempDirectory("tidegate-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, name + "-close"));
  }

  /** The command that runs the server in the foreground. */
  abstract List<String> command() throws IOException;

  /** Whether it answers now. */
  abstract boolean answers();

  /** The loopback port on which it listens when it runs. */
  public final int port() {
    return port;
  }

  /** The folder that holds its data and its log; deleted on close. */
  public final Path folder() {
    return folder;
  }

  /** Starts it and returns at once. */
  public final synchronized void startWithoutWaiting() {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("runs already");
    }
    try {
      starts++;
      process =
          new ProcessBuilder(command())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("server-" + starts + ".log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it and waits until it answers. */
  public final void start() {
    startWithoutWaiting();
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> {
          if (!running()) {
            throw new IllegalStateException("the server ended at once: " + log());
          }
          return answers();
        });
  }

  /** Whether its process lives. */
  public final synchronized boolean running() {
    return process != null && process.isAlive();
  }

  /** The process id of the server. */
  public final synchronized long pid() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process.pid();
  }

  /** A connection to its port, on which nothing takes longer than that. */
  final Socket connect(int timeoutMillis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), timeoutMillis);
      socket.setSoTimeout(timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Reads what it says, by lines. */
  static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What the server printed since its last start. */
  public final String log() {
    try {
      return Files.readString(folder.resolve("server-" + starts + ".log"));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Stops it in an orderly way and waits for its end. */
  public final void stop() {
    end(false);
  }

  /** Kills it with everything it started, as a power cut would. */
  public final void kill() {
    end(true);
  }

  /** Freezes it: connections are accepted by the system, and nothing answers. */
  public final void pause() {
    signal("STOP");
  }

  /** Lets a frozen one go on. */
  public final void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    List<Long> pids = new ArrayList<>(List.of(pid()));
    ProcessHandle.of(pid()).ifPresent(p -> p.descendants().forEach(child -> pids.add(child.pid())));
    for (long pid : pids) {
      run(List.of("kill", "-" + name, Long.toString(pid)));
    }
  }

  private synchronized void end(boolean force) {
    if (process == null) {
      return;
    }
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    if (force) {
      all.forEach(ProcessHandle::destroyForcibly);
    } else {
      process.destroy();
    }
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      awaitEnd(all);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    process = null;
  }

  /**
   * A server cannot be started again while one of the old processes still has its memory. Gives them
   * a moment only: one that nobody reaps counts as alive.
   */
  private static void awaitEnd(List<ProcessHandle> all) throws InterruptedException {
    try {
      CompletableFuture.allOf(
              all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(5, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The next start tells if it matters.
    }
  }

  /** Kills it and deletes its folder. May be called more than once. */
  @Override
  public final void close() {
    kill();
    try {
      deleteFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteFolder() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Runs a helper program to its end; its output is in the message if it fails. */
  static void run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether this process runs as root, which some servers refuse. */
  static boolean root() {
    return System.getProperty("user.name").equals("root");
  }
}
