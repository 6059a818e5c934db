package io.tidegate.agent;

import io.tidegate.problem.Problem;
import java.util.List;

/** Where the agent is in its run. */
public sealed interface AgentState {

  /** The name in JSON and metrics. */
  String id();

  /** Evaluating what the configuration says. */
  record EvaluatingSettings() implements AgentState {
    @Override
    public String id() {
      return "judging"; // Published: programs read it, so it stays.
    }
  }

  /** Waiting until every target answers. */
  record Awaiting() implements AgentState {
    @Override
    public String id() {
      return "awaiting";
    }
  }

  /** Evaluating what only the live servers report. */
  record EvaluatingServers() implements AgentState {
    @Override
    public String id() {
      return "judging-live"; // Published: programs read it, so it stays.
    }
  }

  /** Migrating: the name of the target. */
  record Migrating(String target) implements AgentState {
    @Override
    public String id() {
      return "migrating";
    }
  }

  /** Everything is done once; targets are watched. */
  record Watching() implements AgentState {
    @Override
    public String id() {
      return "watching";
    }
  }

  /** SIGTERM was heard. */
  record Stopping() implements AgentState {
    @Override
    public String id() {
      return "stopping";
    }
  }

  /** The run ended with these problems. */
  record Failed(List<Problem> problems) implements AgentState {
    @Override
    public String id() {
      return "failed";
    }
  }
}
