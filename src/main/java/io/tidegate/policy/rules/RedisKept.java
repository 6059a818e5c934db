package io.tidegate.policy.rules;

import io.tidegate.target.Facts.Fact;

/** What a Redis server keeps over a restart, as its settings tell. */
sealed interface RedisKept {
  /** Snapshots, or an append-only file. */
  record Something() implements RedisKept {}

  /** Neither; what was seen. */
  record Nothing(String seen) implements RedisKept {}

  /** It does not tell; why. */
  record Unknown(String reason) implements RedisKept {}

  /** An unknown setting is not one that is off: only two settings that are known to be off are. */
  static RedisKept of(RedisNode node) {
    if (node.told("appendonly", "yes") || node.told("aof_enabled", "1")) {
      return new Something();
    }
    return switch (node.facts().get("save")) {
      case Fact.Unknown(String reason) -> new Unknown("CONFIG GET save gave nothing: " + reason);
      case Fact.Known(String points) when !points.isBlank() -> new Something();
      case Fact.Known(String none) when node.told("appendonly", "no") ->
          new Nothing("appendonly is no and save is empty");
      case Fact.Known(String none) when node.told("aof_enabled", "0") ->
          new Nothing("aof_enabled is 0 and save is empty");
      case Fact.Known(String none) ->
          new Unknown("save is empty, and it does not tell whether appendonly is on");
    };
  }
}
