package io.tidegate.guard.sqlite;

import java.util.Optional;

/** One way in which frameworks spell SQLite. */
interface Spelling {

  /** What of it is in a variable; empty if nothing. Linear in the length of the value. */
  Optional<Sighting> find(Variable variable);
}
