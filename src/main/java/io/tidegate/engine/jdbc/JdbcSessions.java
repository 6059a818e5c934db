package io.tidegate.engine.jdbc;

import io.tidegate.engine.jdbc.JdbcFacts.Inquiry;
import io.tidegate.replicas.ReplicaSource;
import io.tidegate.replicas.SessionNames;
import io.tidegate.replicas.SessionReplicas;
import io.tidegate.replicas.SessionReplicas.Sessions;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The named sessions on one server: at a start asked over the connection that found it ready, while
 * watching over one that is closed at once.
 *
 * @param listing how the server is asked
 */
public record JdbcSessions(
    Target target, JdbcService service, Listing listing, ConnectionHandoff handoff)
    implements Sessions {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final String NAMES = "sessions";

  /** The query of one kind of server. */
  public interface Listing {
    /** The names, without a blank in them; none behind a pooler, whose sessions are not its clients'. */
    List<String> names(Connection connection) throws SQLException;
  }

  /**
   * What counts replicas by the sessions on the targets of one engine, one for each.
   *
   * @param names of the sessions that watch
   * @param list what the server calls its list of sessions
   */
  public static List<ReplicaSource> replicaSources(
      EngineTraits engine,
      List<Target> targets,
      SessionNames names,
      String list,
      Supplier<JdbcService> service,
      Listing listing,
      ConnectionHandoff handoff) {
    return targets.stream()
        .filter(target -> engine.schemes().contains(target.url().scheme()))
        .<ReplicaSource>map(target ->
            new SessionReplicas(
                target, names, list, new JdbcSessions(target, service.get(), listing, handoff)))
        .toList();
  }

  @Override
  public Collection<String> names() throws InterruptedException {
    Inquiry inquiry =
        new Inquiry(
            List.of(NAMES),
            connection -> Map.of(NAMES, String.join(" ", listing.names(connection))));
    Fact told =
        JdbcFacts.ask(target, TIMEOUT, service, List.of(inquiry), false, handoff, false).get(NAMES);
    return told instanceof Fact.Known(String names)
        ? Arrays.asList(names.split(" ", -1))
        : List.of();
  }
}
