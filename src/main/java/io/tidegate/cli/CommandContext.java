package io.tidegate.cli;

import io.tidegate.agent.Agent;
import io.tidegate.agent.Agent.RunMode;
import io.tidegate.agent.RunTrace;
import io.tidegate.config.Settings;
import io.tidegate.config.SettingsReader;
import io.tidegate.logging.Logs;
import io.tidegate.migration.Migration;
import io.tidegate.migration.MigratorCatalog;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Target;
import io.tidegate.telemetry.OtlpPush;
import io.tidegate.web.HttpServer;
import java.nio.file.Path;
import java.security.Security;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** One command's parts and settings, from its start to its end. */
final class CommandContext {
  private final Composition parts;
  private final Settings settings;

  /**
   * What the command line gives to a command.
   *
   * @param keys of the configuration, as written after the two hyphens
   * @param urls of the only targets; empty: those that are declared
   * @param config the YAML file; null: none is named
   */
  record Given(Map<String, String> keys, List<String> urls, @Nullable Path config) {
    /** Nothing but the command itself. */
    static final Given NOTHING = new Given(Map.of(), List.of(), null);
  }

  private CommandContext(Composition parts, Settings settings) {
    this.parts = parts;
    this.settings = settings;
  }

  /**
   * Makes the engines and reads the settings.
   *
   * @throws ProblemException with all that is wrong with the settings
   */
  static CommandContext open(Console console, Given given, Logs.Output output) {
    prepareProcess();
    Composition parts = new Composition();
    Settings settings =
        new SettingsReader(parts.engines())
            .read(console.environment(), given.keys(), given.urls(), given.config());
    Logs.configure(settings.log(), output);
    settings.warnings().forEach(warning -> LoggerFactory.getLogger("io.tidegate").warn(warning));
    return new CommandContext(parts, settings);
  }

  /** What must be set before the first look-up and the first virtual thread. */
  private static void prepareProcess() {
    // A service's name appears late, and moves: the JVM would remember its absence for 10 s and its
    // address for 30 s.
    security("networkaddress.cache.negative.ttl", "0");
    security("networkaddress.cache.ttl", "5");
    // A look-up blocks the carrier of a virtual thread. On one CPU there would be one carrier, and
    // one slow name server would stop the probes of all targets.
    if (System.getProperty("jdk.virtualThreadScheduler.parallelism") == null) {
      System.setProperty("jdk.virtualThreadScheduler.parallelism", "8");
      System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "64");
    }
  }

  /** Sets what is not so yet. The image has both in a file: to set one looks through every library for a logger. */
  private static void security(String property, String value) {
    if (!value.equals(Security.getProperty(property))) {
      Security.setProperty(property, value);
    }
  }

  /**
   * Runs an agent in a mode, with the endpoints if it watches.
   *
   * @return done, or terminated by SIGTERM
   */
  static ExitCode run(Console console, Given given, RunMode mode) {
    // From here on SIGTERM interrupts this thread, and the process ends when it has tidied up.
    try (Stop stop = Stop.onSigterm(Thread.currentThread())) {
      CommandContext context = open(console, given, Logs.Output.STDOUT);
      stop.patience(context.settings.migration().stopGrace());
      // No class of what sends telemetry is loaded where nobody asked for it.
      return context.isTraced()
          ? context.runTraced(console, mode, stop, new RunTrace())
          : context.runAgent(console, mode, stop, context.parts.agent(context.settings));
    }
  }

  private boolean isTraced() {
    return settings.environment().keySet().stream()
        .anyMatch(name -> name.startsWith("OTEL_EXPORTER_OTLP_") && name.endsWith("ENDPOINT"));
  }

  private ExitCode runAgent(Console console, RunMode mode, Stop stop, Agent running) {
    try (Agent agent = running) {
      stop.watch(agent.snapshots());
      return mode.watches()
          ? serve(console, agent, mode, stop)
          : follow(console, agent, mode, stop);
    }
  }

  /** What ends the run is reported after the push, so that the last line of the log says it. */
  private ExitCode runTraced(Console console, RunMode mode, Stop stop, RunTrace trace) {
    Agent agent = parts.agent(settings, trace);
    ExitCode exit = ExitCode.BUG;
    try {
      exit = runAgent(console, mode, stop, agent);
      return exit;
    } catch (ProblemException e) {
      exit = e.exit();
      throw e;
    } finally {
      if (exit != ExitCode.TERMINATED) {
        RunTrace.Span run =
            trace.end(
                "tidegate " + Cli.name(mode),
                agent.snapshots().snapshot(),
                Instant.now(),
                exit.number());
        OtlpPush.push(settings.environment(), run, agent.snapshots());
      }
    }
  }

  /** Runs in that mode, with the endpoints. */
  private ExitCode serve(Console console, Agent agent, RunMode mode, Stop stop) {
    try (HttpServer http = HttpServer.start(agent.snapshots(), settings.http())) {
      LoggerFactory.getLogger("io.tidegate").info("answering on port {}", http.port());
      return follow(console, agent, mode, stop);
    }
  }

  private static ExitCode follow(Console console, Agent agent, RunMode mode, Stop stop) {
    try {
      agent.run(mode);
      return ExitCode.DONE;
    } catch (InterruptedException e) {
      ExitCode exit = console.report(e);
      // All that matters is tidied up: the slow farewell of a server need not hold up the end.
      stop.tidied();
      return exit;
    }
  }

  /**
   * The migrations of all targets that have a changelog, in the order declared, each by the target as
   * it is connected to for that.
   *
   * @throws ProblemException if there is none
   */
  Map<Target, Migration> migrations() {
    MigratorCatalog migrators = parts.migrators();
    Map<Target, Migration> byTarget = new LinkedHashMap<>();
    for (Target target : settings.targets()) {
      if (target.changelog() != null) {
        byTarget.put(
            target.forMigration(), migrators.of(target).open(target, settings.migration()));
      }
    }
    if (byTarget.isEmpty()) {
      throw new ProblemException(
          new Problem(
              ExitCode.REFUSED,
              "no target has a changelog",
              "configuration",
              "Set TIDEGATE_CHANGELOG, or TIDEGATE_TARGETS_<NAME>_CHANGELOG"));
    }
    return byTarget;
  }

  /**
   * The migration of the target that a command names.
   *
   * @param name its name; null: the only one that has a changelog
   * @param command for people
   * @throws ProblemException with exit 64 if there is none, or no name and several
   */
  Map.Entry<Target, Migration> migration(@Nullable String name, String command) {
    List<Map.Entry<Target, Migration>> all = List.copyOf(migrations().entrySet());
    List<Map.Entry<Target, Migration>> meant =
        all.stream().filter(one -> name == null || one.getKey().name().equals(name)).toList();
    if (meant.size() != 1) {
      throw new ProblemException(
          new Problem(
              ExitCode.USAGE,
              name == null
                  ? "several targets have a changelog, and none is named"
                  : "no target with a changelog has the name " + name,
              command,
              all.stream()
                  .map(one -> one.getKey().name())
                  .collect(Collectors.joining(", ", "Name one of: ", ""))));
    }
    return meant.getFirst();
  }
}
