package io.tidegate.engine.jdbc;

import io.tidegate.engine.network.NetworkFaults;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ProbeResult;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Asks for facts over the connection that was handed on, or a new one, with the time limit of an attempt. */
public final class JdbcFacts {
  private JdbcFacts() {}

  /** Asks one connection. */
  public interface Question {
    /** What the server told, by name. */
    Map<String, String> ask(Connection connection) throws SQLException;
  }

  /**
   * One query. If the server refuses it, its facts are unknown, and the next is asked.
   *
   * @param names of the facts that it is for; one that the answer does not hold is unknown
   */
  public record Inquiry(List<String> names, Question question) {}

  /**
   * Asks one after the other; each name without an answer is unknown, with the reason.
   *
   * @param timeout for all together; what was told before it ran out stays told
   * @param nativeCode as for {@link JdbcProbe}
   * @param handoff where the connection may lie that found the target ready
   * @param asked whether the target is asked once more after this
   */
  public static Facts ask(
      Target target,
      Duration timeout,
      JdbcService service,
      List<Inquiry> inquiries,
      boolean nativeCode,
      ConnectionHandoff handoff,
      boolean asked)
      throws InterruptedException {
    Map<String, Fact> told = new ConcurrentHashMap<>();
    ProbeResult result;
    JdbcService asking =
        new JdbcService() {
          @Override
          public Connection open(Target where, Limits limits) throws SQLException {
            return service.open(where, limits);
          }

          @Override
          public ProbeResult ask(Connection connection, Target where) {
            inquiries.forEach(inquiry -> told.putAll(answers(connection, inquiry)));
            return new ProbeResult.Ready("told");
          }

          @Override
          public ProbeResult explain(SQLException failure, Target where) {
            return service.explain(failure, where);
          }
        };
    try (JdbcProbe probe = JdbcProbe.resuming(target, asking, nativeCode, handoff, asked)) {
      result = probe.attempt(timeout);
    }
    String reason =
        result instanceof ProbeResult.Ready ? "the server does not know it" : result.sentence();
    Map<String, Fact> facts = new TreeMap<>(told);
    inquiries.stream()
        .flatMap(inquiry -> inquiry.names().stream())
        .forEach(name -> facts.putIfAbsent(name, new Fact.Unknown(reason)));
    return new Facts(facts);
  }

  private static Map<String, Fact> answers(Connection connection, Inquiry inquiry) {
    Map<String, Fact> facts = new TreeMap<>();
    try {
      inquiry
          .question()
          .ask(connection)
          .forEach((name, value) -> facts.put(name, new Fact.Known(value)));
    } catch (SQLException e) {
      Fact refused = new Fact.Unknown(Redactor.redact(NetworkFaults.firstLine(e)));
      inquiry.names().forEach(name -> facts.put(name, refused));
    }
    return facts;
  }

  /** Many names in a few words. */
  public static final class FirstFew {
    /** As many rows as a query for names needs to give. */
    public static final int ROWS = 101;

    private static final int NAMED = 3;

    private FirstFew() {}

    /** {@code a, b, c and 4 more}; empty for none. {@link #ROWS} names or more are not counted out. */
    public static String describe(List<String> names) {
      String first = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
      // A name may hold anything; what is made of it stays on one line.
      first = first.replaceAll("\\p{Cntrl}", "?");
      int more = names.size() - NAMED;
      if (more <= 0) {
        return first;
      }
      return "%s and %s%d more".formatted(first, names.size() >= ROWS ? "at least " : "", more);
    }
  }
}
