package io.tidegate.policy.rules;

import io.tidegate.target.Facts;
import io.tidegate.target.Facts.Fact;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A managed service, known by its address or, where a private name hides that, by what it answers.
 * What it keeps is set with the provider: what cannot be asked there is unknown, never unsafe.
 *
 * @param name as its provider writes it
 * @param durable whether it keeps every acknowledged write, whatever the server's own settings say
 */
record ManagedService(String name, boolean durable) {

  /** A service and how its host names look. */
  private record ServiceHost(Predicate<String> address, ManagedService service) {}

  /** A service and what a fact of it looks like, as a regular expression. */
  private record ServiceFact(String name, String value, ManagedService service) {
    boolean isIn(Facts facts) {
      return facts.get(name) instanceof Fact.Known(String reported) && reported.matches(value);
    }
  }

  /**
   * The first that matches counts. Sources: the providers' pages on endpoints. MemoryDB keeps a
   * transaction log over several zones
   * (https://docs.aws.amazon.com/memorydb/latest/devguide/what-is-memorydb.html); Neon's commits are
   * kept by its safekeepers, so that fsync is off in its servers
   * (https://neon.com/docs/introduction/architecture-overview). Cloud SQL and Memorystore have plain
   * addresses unless Private Service Connect names them.
   */
  private static final List<ServiceHost> HOSTS =
      List.of(
          aws("memorydb", new ManagedService("Amazon MemoryDB", true)),
          aws("cache", "Amazon ElastiCache"),
          aws("docdb", "Amazon DocumentDB"),
          aws("docdb-elastic", "Amazon DocumentDB"),
          amazon(".+\\.cluster-[^.]+\\..*rds\\.", "Amazon Aurora"),
          aws("rds", "Amazon RDS or Aurora"),
          ending("redis.cache.windows.net", "Azure Cache for Redis"),
          ending("redisenterprise.cache.azure.net", "Azure Cache for Redis Enterprise"),
          ending("redis.azure.net", "Azure Managed Redis"),
          ending("postgres.database.azure.com", "Azure Database for PostgreSQL"),
          ending("mysql.database.azure.com", "Azure Database for MySQL"),
          ending("mariadb.database.azure.com", "Azure Database for MariaDB"),
          ending("cosmos.azure.com", "Azure Cosmos DB"),
          ending("sql.goog", "Google Cloud SQL"),
          ending("upstash.io", "Upstash"),
          ending("redislabs.com", "Redis Cloud"),
          ending("redis-cloud.com", "Redis Cloud"),
          ending("mongodb.net", "MongoDB Atlas"),
          ending("neon.tech", new ManagedService("Neon", true)),
          ending("supabase.co", "Supabase"),
          ending("supabase.com", "Supabase"),
          ending("psdb.cloud", "PlanetScale"),
          ending("db.ondigitalocean.com", "DigitalOcean Managed Databases"),
          ending("aivencloud.com", "Aiven"));

  /**
   * By the names of {@link Facts}. MemoryDB's INFO was not seen, so that {@code os} may mean either of
   * Amazon's services; a fact that no engine asks matches nothing.
   */
  private static final List<ServiceFact> FACTS =
      List.of(
          fact("os", "Amazon .*", "Amazon ElastiCache or MemoryDB"),
          fact("upstash_version", ".+", "Upstash"),
          fact("rlec_version", ".+", "Redis Cloud or Redis Enterprise"),
          fact("aurora_version", ".+", "Amazon Aurora"),
          fact("rds.extensions", ".+", "Amazon RDS"),
          fact("basedir", "/rdsdbbin/.*", "Amazon RDS"),
          fact("cloudsql.supported_extensions", ".+", "Google Cloud SQL"),
          fact("version", ".+-google.*", "Google Cloud SQL"),
          fact("azure.extensions", ".+", "Azure Database for PostgreSQL"),
          fact("version", "(?i).+vitess.*", "PlanetScale or another Vitess"));

  /** The service at a target's address. */
  static Optional<ManagedService> of(Target target) {
    return target.url().hosts().stream()
        .map(HostPort::host)
        .map(host -> host.toLowerCase(Locale.ROOT))
        .flatMap(host -> HOSTS.stream().filter(known -> known.address().test(host)))
        .map(ServiceHost::service)
        .findFirst();
  }

  /** The service at a target's address, else the one that the facts of one of its servers name. */
  static Optional<ManagedService> of(Target target, Facts facts) {
    return of(target).or(() -> named(facts.nodes().values()));
  }

  private static Optional<ManagedService> named(Collection<Facts> nodes) {
    return FACTS.stream()
        .filter(fact -> nodes.stream().anyMatch(fact::isIn))
        .map(ServiceFact::service)
        .findFirst();
  }

  /** {@code name.id.region.SERVICE.amazonaws.com} and {@code name.id.SERVICE.region...}. */
  private static ServiceHost aws(String service, ManagedService known) {
    return amazon(".+\\." + Pattern.quote(service) + "\\.", known);
  }

  private static ServiceHost aws(String service, String name) {
    return aws(service, new ManagedService(name, false));
  }

  private static ServiceHost amazon(String start, String name) {
    return amazon(start, new ManagedService(name, false));
  }

  private static ServiceHost amazon(String start, ManagedService known) {
    String all = start + "([^.]+\\.)*amazonaws\\.com(\\.cn)?\\.?";
    return new ServiceHost(host -> host.contains(".amazonaws.com") && host.matches(all), known);
  }

  private static ServiceHost ending(String suffix, String name) {
    return ending(suffix, new ManagedService(name, false));
  }

  private static ServiceHost ending(String suffix, ManagedService known) {
    String within = "." + suffix;
    return new ServiceHost(
        host -> {
          String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
          return bare.endsWith(within) && bare.length() > within.length();
        },
        known);
  }

  private static ServiceFact fact(String fact, String value, String name) {
    return new ServiceFact(fact, value, new ManagedService(name, false));
  }
}
