package io.tidegate.engine.jdbc;

import io.tidegate.engine.Fact;
import io.tidegate.engine.Facts;
import io.tidegate.engine.ProbeMode;
import io.tidegate.engine.ProbeResult;
import io.tidegate.engine.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Asks for facts over a connection of their own, with the time limit of an attempt. */
public final class JdbcFacts {
  private JdbcFacts() {}

  /** Asks one connection. */
  public interface Question {
    /** What the server told, by name. */
    Map<String, String> ask(Connection connection) throws SQLException;
  }

  /**
   * Asks; each name without an answer is unknown, with the reason.
   *
   * @param nativeCode as for {@link JdbcProbe}
   */
  public static Facts ask(
      Target target,
      Duration timeout,
      JdbcService service,
      List<String> names,
      Question question,
      boolean nativeCode)
      throws InterruptedException {
    Map<String, String> told = new ConcurrentHashMap<>();
    ProbeResult result;
    JdbcService asking =
        new JdbcService() {
          @Override
          public Connection open(Target where, Limits limits) throws SQLException {
            return service.open(where, limits);
          }

          @Override
          public ProbeResult ask(Connection connection, Target where) throws SQLException {
            told.putAll(question.ask(connection));
            return new ProbeResult.Ready("told");
          }

          @Override
          public ProbeResult explain(SQLException failure, Target where) {
            return service.explain(failure, where);
          }
        };
    try (JdbcProbe probe = new JdbcProbe(target, ProbeMode.AWAIT, asking, nativeCode)) {
      result = probe.attempt(timeout);
    }
    String reason =
        switch (result) {
          case ProbeResult.Ready ready -> "the server does not know it";
          case ProbeResult.NotYet notYet -> notYet.sentence();
          case ProbeResult.Wrong wrong -> wrong.sentence();
        };
    Map<String, Fact> facts = new TreeMap<>();
    for (String name : names) {
      String value = told.get(name);
      facts.put(name, value == null ? new Fact.Unknown(reason) : new Fact.Known(value));
    }
    return new Facts(facts);
  }
}
