package io.tidegate.web;

import io.micronaut.core.annotation.Introspected;
import io.tidegate.replicas.ReplicaCount;
import org.jspecify.annotations.Nullable;

/**
 * How many replicas of the app there are.
 *
 * @param certainty {@code exactly}, {@code up-to}, {@code at-least} or {@code unknown}
 * @param count null: unknown
 * @param source how that is known, or why it is not
 */
@Introspected
record ReplicasBody(String certainty, @Nullable Integer count, String source) {

  static ReplicasBody of(ReplicaCount replicas) {
    return switch (replicas) {
      case ReplicaCount.Exactly(int count, String source, int _) ->
          new ReplicasBody("exactly", count, Text.of(source));
      case ReplicaCount.UpTo(int count, String source) ->
          new ReplicasBody("up-to", count, Text.of(source));
      case ReplicaCount.AtLeast(int count, String source) ->
          new ReplicasBody("at-least", count, Text.of(source));
      case ReplicaCount.Unknown(String reason, ReplicaCount.AtLeast _) ->
          new ReplicasBody("unknown", null, Text.of(reason));
    };
  }
}
