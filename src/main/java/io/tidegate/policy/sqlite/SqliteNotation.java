package io.tidegate.policy.sqlite;

import java.util.Optional;

/** One way in which frameworks spell SQLite. */
interface SqliteNotation {

  /** What of it is in a variable; empty if nothing. Linear in the length of the value. */
  Optional<Detection> find(NamedValue variable);
}
