package io.tidegate.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A migrator's command line.
 *
 * @param name as the table shows it
 * @param files how it wants its changesets
 * @param command what to run for a database's port and name, and the folder of the changesets
 * @param environment what it needs besides the command
 */
record Tool(String name, Files files, Command command, Map<String, String> environment) {
  /** The same by another name, with more in its environment. */
  Tool with(String otherName, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Tool(otherName, files, command, all);
  }

  /** The files of one changeset after the other. */
  interface Files {
    /** Writes that many changesets. */
    void write(Path folder, int changesets);
  }

  /** A command line. */
  interface Command {
    List<String> of(int port, String database, Path folder);
  }
}
