package io.tidegate.guard.rules;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.Target;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A managed Redis service, known by its address. What it keeps is set with the provider, and what
 * CONFIG and INFO tell there says little about it.
 *
 * @param name as its provider writes it
 * @param durable whether it keeps every acknowledged write whatever is configured
 */
record ManagedRedis(String name, boolean durable) {

  /** A service and how its host names end. */
  private record Known(String suffix, ManagedRedis service) {}

  /**
   * Sources: the providers' pages on endpoints. MemoryDB keeps a transaction log over several zones
   * (https://docs.aws.amazon.com/memorydb/latest/devguide/what-is-memorydb.html).
   */
  private static final List<Known> KNOWN =
      List.of(
          aws("memorydb.", new ManagedRedis("Amazon MemoryDB", true)),
          aws("cache.", new ManagedRedis("Amazon ElastiCache", false)),
          known(".redis.cache.windows.net", "Azure Cache for Redis"),
          known(".redisenterprise.cache.azure.net", "Azure Cache for Redis Enterprise"),
          known(".redis.azure.net", "Azure Managed Redis"),
          known(".upstash.io", "Upstash"),
          known(".redislabs.com", "Redis Cloud"),
          known(".redis-cloud.com", "Redis Cloud"),
          known(".redns.redis-cloud.com", "Redis Cloud"),
          known(".db.ondigitalocean.com", "DigitalOcean Managed Caching"),
          known(".aivencloud.com", "Aiven"));

  static Optional<ManagedRedis> of(Target target) {
    return target.url().hosts().stream()
        .map(HostPort::host)
        .map(host -> host.toLowerCase(Locale.ROOT))
        .flatMap(host -> KNOWN.stream().filter(known -> matches(known, host)))
        .map(Known::service)
        .findFirst();
  }

  private static boolean matches(Known known, String host) {
    return known.suffix().startsWith(".")
        ? host.endsWith(known.suffix())
        : host.contains("." + known.suffix()) && isAmazon(host);
  }

  private static boolean isAmazon(String host) {
    return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
  }

  private static Known aws(String part, ManagedRedis service) {
    return new Known(part, service);
  }

  private static Known known(String suffix, String name) {
    return new Known(suffix, new ManagedRedis(name, false));
  }
}
