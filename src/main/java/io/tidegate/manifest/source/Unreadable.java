package io.tidegate.manifest.source;

import io.tidegate.policy.Severity;

/** A file that cannot be judged. */
public final class Unreadable extends Exception {
  private final Note note;

  /** Takes what {@link Note} takes. */
  public Unreadable(Severity severity, Place place, String what, String remedy) {
    super(what);
    note = new Note(severity, place, what, remedy);
  }

  /** What to say about the file. */
  public Note note() {
    return note;
  }
}
