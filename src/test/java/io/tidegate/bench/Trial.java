package io.tidegate.bench;

/** One kind of comparison. */
interface Trial {
  /** The table's heading, two lines of Markdown. */
  String heading();

  /** Runs every tool in turn, that many rounds, and prints a line for each. */
  void run(Field field, int changesets, int rounds) throws Exception;
}
