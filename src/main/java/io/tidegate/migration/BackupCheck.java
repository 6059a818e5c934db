package io.tidegate.migration;

import io.tidegate.target.Target;
import java.util.List;

/** Looks whether there is a recent backup of a target, as far as it declares where to look. */
@FunctionalInterface
public interface BackupCheck {
  /** Sees no backup of any target. */
  BackupCheck NONE = _ -> List.of("no backup was looked for");

  /**
   * What is missing of a backup that is young enough, a clause each; empty: there is one.
   *
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  List<String> problems(Target target) throws InterruptedException;
}
