package io.tidegate.manifest.stack;

import io.tidegate.manifest.source.Place;
import java.util.List;

/**
 * What a finding is about.
 *
 * @param label as in {@code service web} or {@code Deployment web, container app}
 * @param place where it is declared
 * @param acceptances the texts of its label or annotation {@code tidegate.io/accept}
 */
public record Subject(String label, Place place, List<String> acceptances) {
  /** The label or annotation by which findings are accepted. */
  public static final String ACCEPT = "tidegate.io/accept";

  /** Copies the list. */
  public Subject {
    acceptances = List.copyOf(acceptances);
  }
}
