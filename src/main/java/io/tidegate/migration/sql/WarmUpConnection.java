package io.tidegate.migration.sql;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to nowhere: every statement succeeds and changes nothing, though an update tells of a
 * row, every query finds nothing, but one for a maximum a zero. Once it is closed, or was asked too often, everything fails: whoever asks until there is an answer
 * must not ask for ever.
 */
final class WarmUpConnection {
  /** Some fifty times what two changesets take. */
  private static final int MOST_CALLS = 20_000;

  private final AtomicInteger calls = new AtomicInteger();
  private final Connection connection = deaf(Connection.class, 0);
  private volatile boolean closed;

  Connection connection() {
    return connection;
  }

  /** From any thread. */
  void close() {
    closed = true;
  }

  private <T> T deaf(Class<T> type, int rows) {
    AtomicInteger left = new AtomicInteger(rows);
    return type.cast(
        Proxy.newProxyInstance(
            WarmUpConnection.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getName().equals("next")
                    ? left.getAndDecrement() > 0
                    : answer(proxy, method, arguments)));
  }

  private @Nullable Object answer(Object proxy, Method method, Object @Nullable [] arguments)
      throws SQLException {
    Class<?> type = method.getReturnType();
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "hashCode" -> System.identityHashCode(proxy);
        case "equals" ->
            arguments != null
                && System.identityHashCode(arguments[0]) == System.identityHashCode(proxy);
        default -> "nowhere";
      };
    }
    if (method.getName().equals("close")) {
      return null;
    }
    if (closed || calls.incrementAndGet() > MOST_CALLS) {
      throw new SQLException("the warm-up is over");
    }
    if (type == boolean.class) {
      return false;
    }
    if (type == int.class) {
      return switch (method.getName()) {
        case "getUpdateCount" -> -1; // After this result there is no other.
        case "getColumnCount", "executeUpdate" -> 1;
        default -> 0;
      };
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == String.class) {
      return "";
    }
    if (type == Object.class) {
      return 0;
    }
    boolean maximum = arguments != null && String.valueOf(arguments[0]).startsWith("SELECT MAX(");
    return type.isInterface() && type.getPackageName().equals("java.sql")
        ? deaf(type, maximum ? 1 : 0)
        : null;
  }
}
