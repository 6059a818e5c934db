package io.tidegate;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces this process by the JVM that {@code run} is meant for: the same {@code java} with the
 * flags and the class caches of a long-running process. The process id, the user, the environment and
 * the standard streams stay.
 *
 * <p>A JVM reads one layer of classes above the cache that all share. The image starts with the layer of
 * the commands that exit, and {@code run}, which needs an HTTP server beside, goes on with its own.
 */
final class RunProcess {
  /** The file with the flags. The image sets it for the first JVM only. */
  private static final String FLAGS = "tidegate.run.flags";

  private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG;

  /** Behind the standard streams come the files of this JVM, which the next one opens anew. */
  private static final int FIRST_OF_OURS = 3;

  /** Of close_range(2). */
  private static final int CLOSE_RANGE_CLOEXEC = 4;

  private volatile boolean stopping;

  private RunProcess() {}

  /**
   * Does not return where the process is replaced. Returns where there is no such file, as outside
   * the image, or where it cannot be done: {@code run} then goes on in this JVM.
   *
   * @param args the program's own arguments
   */
  static void replaceThis(String[] args) {
    String flags = System.getProperty(FLAGS);
    if (flags == null || !Files.isRegularFile(Path.of(flags)) || isStartedWith(flags)) {
      return;
    }
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), "@" + flags));
    command.addAll(List.of(args));
    new RunProcess().replaceThis(java, command);
  }

  /** A variable such as JDK_JAVA_OPTIONS may name the file to the second JVM too. */
  private static boolean isStartedWith(String flags) {
    String[] arguments = ProcessHandle.current().info().arguments().orElse(new String[0]);
    return List.of(arguments).contains("@" + flags);
  }

  /** Puts together what a replacement calls, so that the class cache holds it. */
  static void prepare() {
    var _ = isStartedWith("");
    try (Arena arena = Arena.ofConfined()) {
      var _ = argv(arena, List.of("java"));
    }
    closeOnExec();
    execv();
  }

  private void replaceThis(Path java, List<String> command) {
    // A SIGTERM that this JVM has caught must end it, not be lost with it.
    Thread hook = new Thread(() -> stopping = true, "sigterm");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argv = argv(arena, command);
      MethodHandle closeOnExec = closeOnExec();
      MethodHandle execv = execv();
      if (!stopping) {
        int _ = (int) closeOnExec.invokeExact(FIRST_OF_OURS, -1, CLOSE_RANGE_CLOEXEC);
        int failed = (int) execv.invokeExact(arena.allocateFrom(java.toString()), argv);
        throw new IOException("execv returned " + failed);
      }
    } catch (Throwable e) {
      System.err.println("tidegate: run goes on without a class cache of its own: " + e);
    }
    remove(hook);
  }

  private static MemorySegment argv(Arena arena, List<String> command) {
    MemorySegment argv = arena.allocate(POINTER, command.size() + 1L); // A null ends it.
    for (int i = 0; i < command.size(); i++) {
      argv.setAtIndex(POINTER, i, arena.allocateFrom(command.get(i)).address());
    }
    return argv;
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The JVM is ending already.
    }
  }

  /** {@code int execv(const char *path, char *const argv[])}. */
  private static MethodHandle execv() {
    return function("execv", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
  }

  /** {@code int close_range(unsigned first, unsigned last, int flags)}, of glibc 2.34 and later. */
  private static MethodHandle closeOnExec() {
    return function(
        "close_range", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  }

  @SuppressWarnings("restricted") // The parameters are those of the manual pages.
  private static MethodHandle function(String name, ValueLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }
}
