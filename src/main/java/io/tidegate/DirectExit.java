package io.tidegate;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.FutureTask;

/**
 * Ends the process by C's {@code _exit}. The JVM's own way waits 300 ms for threads that are in native
 * code ({@code VM_Exit::wait_for_threads_in_native_to_block}), and the thread that polls the sockets of
 * virtual threads never leaves it. Shutdown hooks do not run, so it is used only where it is asked
 * for and nothing is left to tidy up.
 */
final class DirectExit {
  /** Set by the image; whoever attaches a recorder that writes its file at the end takes it back. */
  private static final String PROPERTY = "tidegate.exit";

  private final FutureTask<MethodHandle> exit = new FutureTask<>(DirectExit::bind);

  private DirectExit() {}

  /** Looks the function up on a thread of its own, which costs the start nothing where two can run. */
  static DirectExit prepared() {
    DirectExit direct = new DirectExit();
    if ("direct".equals(System.getProperty(PROPERTY))) {
      Thread.ofPlatform().daemon().name("exit").start(direct.exit);
    } else {
      direct.exit.cancel(false);
    }
    return direct;
  }

  /** Ends the process; returns only where that was not asked for, or cannot be done. */
  void end(int code) {
    if (exit.isCancelled()) {
      return;
    }
    System.out.flush();
    System.err.flush();
    try {
      exit.get().invokeExact(code);
    } catch (Throwable e) {
      // Then the JVM ends as it always does, a little later.
      return;
    }
  }

  @SuppressWarnings("restricted") // The descriptor is that of void _exit(int), as POSIX has it.
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("_exit"),
        FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
  }
}
