package io.tidegate.engine.redis;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a server answered to one command. */
sealed interface Reply {

  /** A value; a single one is a list of one, which may be null. */
  record Value(List<@Nullable Object> elements) implements Reply {
    /** The first element as text; empty where there is none. */
    String text() {
      return elements.isEmpty() ? "" : Objects.toString(elements.getFirst(), "");
    }

    /** Whether it is more than nil, zero or an empty list. */
    boolean isSomething() {
      return elements.stream()
          .anyMatch(one -> one != null && !one.equals(List.of()) && !one.toString().equals("0"));
    }
  }

  /** An error, in the server's own words. */
  record Refused(String message) implements Reply {
    /** Whether the command is not for this user, or not on this server. */
    boolean isForbidden() {
      return message.startsWith("NOPERM") || message.startsWith("ERR unknown command");
    }
  }
}
