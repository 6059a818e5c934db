package io.tidegate.agent;

import io.tidegate.problem.Problem;
import java.util.List;

/** Where the agent is in its run. */
public sealed interface AgentState {

  /** The name in JSON and metrics: programs read it, so it stays, whatever the record is called. */
  default String id() {
    return switch (this) {
      case EvaluatingSettings _ -> "judging";
      case Awaiting _ -> "awaiting";
      case EvaluatingServers _ -> "judging-live";
      case Migrating _ -> "migrating";
      case Watching _ -> "watching";
      case Stopping _ -> "stopping";
      case Failed _ -> "failed";
    };
  }

  /** Evaluating what the configuration says. */
  record EvaluatingSettings() implements AgentState {}

  /** Waiting until every target answers. */
  record Awaiting() implements AgentState {}

  /** Evaluating what only the live servers report. */
  record EvaluatingServers() implements AgentState {}

  /** Migrating: the name of the target. */
  record Migrating(String target) implements AgentState {}

  /** Everything is done once; targets are watched. */
  record Watching() implements AgentState {}

  /** SIGTERM was heard. */
  record Stopping() implements AgentState {}

  /** The run ended with these problems. */
  record Failed(List<Problem> problems) implements AgentState {}
}
