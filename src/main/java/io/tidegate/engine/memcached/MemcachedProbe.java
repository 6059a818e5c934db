package io.tidegate.engine.memcached;

import io.tidegate.engine.memcached.MemcachedConnection.RefusedException;
import io.tidegate.engine.network.AttemptThread;
import io.tidegate.engine.network.Deadline;
import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.problem.ExitCode;
import io.tidegate.problem.Problem;
import io.tidegate.problem.ProblemException;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Probe;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.ProbeResult.NotYet;
import io.tidegate.target.ProbeResult.Ready;
import io.tidegate.target.ProbeResult.Wrong;
import io.tidegate.target.Reason;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks every server of a target, since the app's client spreads its keys over all of them, and over a
 * new connection each time: one that was kept would not show that new ones are refused.
 */
final class MemcachedProbe implements Probe {
  /** Of what {@code stats} reports, what the rules look at. */
  private static final List<String> FACTS = List.of("version", "limit_maxbytes", "evictions");

  /** Keys have no spaces and at most 250 bytes. */
  private static final Pattern GET = Pattern.compile("(?i)get\\s+(?<key>[\\x21-\\x7e]{1,250})");

  private final Target target;
  private final @Nullable String key;
  private final AttemptThread thread;

  /** What one server is asked. */
  private interface Question {
    /** Whether it has what is looked for. */
    boolean ask(MemcachedConnection connection) throws IOException, RefusedException;
  }

  /**
   * Checks what the target declares. Does no network work.
   *
   * @throws ProblemException with exit 78 if it declares what Memcached does not have
   */
  MemcachedProbe(Target target) {
    this.target = target;
    if (!target.url().path().isEmpty()) {
      throw refused(
          "the URL names a database, and Memcached has none",
          "End it after the port, as in memcached://cache.example:11211");
    }
    String query = target.readinessQuery();
    this.key = query == null ? null : key(query);
    this.thread = new AttemptThread("probe-" + target.name(), false);
  }

  private String key(String query) {
    Matcher get = GET.matcher(query.strip());
    if (!get.matches()) {
      throw refused("the readiness query is not a get of one key", "Write it as in: get my-key");
    }
    return get.group("key");
  }

  private ProblemException refused(String what, String remedy) {
    return new ProblemException(
        new Problem(
            ExitCode.REFUSED, what, "%s (%s)".formatted(target.name(), target.origin()), remedy));
  }

  @Override
  public ProbeResult attempt(Duration timeout) throws InterruptedException {
    return ask(
        connection -> {
          connection.statistics();
          return key == null || connection.has(key);
        },
        timeout);
  }

  /**
   * What the servers report; of several, each fact has the prefix {@code node.<host:port>.}.
   *
   * @param timeout for all of them together
   */
  Facts facts(Duration timeout) throws InterruptedException {
    Map<String, Fact> reported = new ConcurrentHashMap<>();
    ProbeResult result = ask(connection -> report(connection, reported), timeout);
    // An attempt that was left behind may still report something.
    Map<String, Fact> facts = new HashMap<>(reported);
    if (!(result instanceof Ready)) {
      FACTS.forEach(name -> facts.putIfAbsent(name, new Fact.Unknown(result.sentence())));
    }
    return new Facts(facts);
  }

  private boolean report(MemcachedConnection connection, Map<String, Fact> facts)
      throws IOException, RefusedException {
    Map<String, String> statistics = connection.statistics();
    boolean several = target.url().hosts().size() > 1;
    String prefix = several ? "node." + connection.address() + "." : "";
    for (String name : FACTS) {
      String value = statistics.get(name);
      facts.put(
          prefix + name,
          value == null ? new Fact.Unknown("stats does not report it") : new Fact.Known(value));
    }
    return true;
  }

  private ProbeResult ask(Question question, Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.within(timeout);
    return thread.run(() -> outcome(question, deadline), timeout);
  }

  private ProbeResult outcome(Question question, Deadline deadline) {
    try {
      return ask(question, deadline);
    } catch (RefusedException e) {
      return e.result();
    } catch (ProblemException e) {
      return new Wrong(Reason.CREDENTIALS, e.problems().getFirst().what());
    }
  }

  private ProbeResult ask(Question question, Deadline deadline) throws RefusedException {
    List<HostPort> servers = target.url().hosts();
    String version = "";
    boolean found = false;
    for (HostPort server : servers) {
      try (MemcachedConnection connection = MemcachedConnection.open(target, server, deadline)) {
        version = connection.version();
        found |= question.ask(connection);
      } catch (IOException e) {
        return NetworkFaults.explain(e, server.toString());
      }
    }
    if (!found) {
      return new NotYet(Reason.QUERY, "the readiness query found nothing");
    }
    String several = servers.size() > 1 ? ", %d servers".formatted(servers.size()) : "";
    return new Ready("Memcached " + version + several);
  }

  @Override
  public void close() {
    thread.close();
  }
}
