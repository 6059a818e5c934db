package io.tidegate.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The real program as a process of its own, with an environment that holds only what is given. */
public final class TidegateProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 300;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final CountDownLatch read = new CountDownLatch(2);

  private TidegateProcess(Process process, Consumer<String> listener) {
    this.process = process;
    listen(process.getInputStream(), listener);
    listen(process.getErrorStream(), listener);
  }

  /** Starts it; what it prints can be read later. */
  public static TidegateProcess start(Map<String, String> environment, String... args) {
    return start(Path.of("."), environment, line -> {}, args);
  }

  /** Starts it in a folder; each line that it prints is also passed on at once. */
  public static TidegateProcess start(
      Path folder, Map<String, String> environment, Consumer<String> listener, String... args) {
    return start(List.of(), folder, environment, listener, args);
  }

  /** Starts it by another program that runs the command behind its own arguments, in its own place. */
  public static TidegateProcess startBy(
      List<String> program, Map<String, String> environment, String... args) {
    return start(program, Path.of("."), environment, line -> {}, args);
  }

  private static TidegateProcess start(
      List<String> program,
      Path folder,
      Map<String, String> environment,
      Consumer<String> listener,
      String... args) {
    List<String> command = new ArrayList<>(program);
    command.addAll(ClassCache.command());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return new TidegateProcess(builder.start(), listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen(InputStream stream, Consumer<String> listener) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (BufferedReader reader =
              new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              synchronized (lines) {
                lines.add(line);
              }
              listener.accept(line);
            }
          } catch (IOException e) {
            listener.accept("output ended: " + e);
          } finally {
            read.countDown();
          }
        });
  }

  /** Waits for its end and gives its exit code. */
  public int exitCode() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)
          || !read.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("does not end:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** All that it has printed so far, on both streams. */
  public String output() {
    synchronized (lines) {
      return String.join("\n", lines);
    }
  }

  /** Whether it runs. */
  public boolean running() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Sends SIGTERM. By its handle: the process itself would close its output with it. */
  public void terminate() {
    process.toHandle().destroy();
  }

  /** Freezes it: its connections stay open, and it does nothing. */
  public void pause() {
    signal("-STOP");
  }

  /** Lets a frozen one go on. */
  public void resume() {
    signal("-CONT");
  }

  /** Sends the signal that {@code kill} knows by that option, as {@code -QUIT}, unless it has ended. */
  public void signal(String name) {
    try {
      Process signal = new ProcessBuilder("kill", name, Long.toString(pid())).start();
      if (signal.waitFor() != 0 && !process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("takes no signal:\n" + output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Kills it as a power cut would. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Kills it and waits for its end: until then it may write to a folder that a test deletes. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
