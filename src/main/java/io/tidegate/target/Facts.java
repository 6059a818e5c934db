package io.tidegate.target;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a live server told about itself, by the server's own names ({@code appendonly}, {@code
 * fsync}, {@code version}).
 *
 * <p>Redis: from CONFIG {@code save}, {@code appendonly}, {@code appendfsync}, {@code maxmemory},
 * {@code maxmemory-policy}; from INFO {@code aof_enabled}, {@code rdb_last_bgsave_status}, {@code
 * aof_last_write_status}, {@code aof_last_bgrewrite_status}, {@code role}, {@code
 * connected_slaves}, {@code redis_version}, {@code valkey_version}, {@code maxmemory_policy}, {@code
 * maxmemory} where CONFIG does not tell it, and where a provider's server has them {@code os},
 * {@code upstash_version}, {@code rlec_version}; from ACL, as {@code acl_user}, who the app is
 * there, and of that user {@code acl_flags} and {@code acl_commands}.
 *
 * <p>Where a target has several primaries (Redis Cluster, Sentinel), the facts of each are prefixed
 * with {@code node.<host:port>.}, as in {@code node.10.0.0.7:6379.appendonly}. A fact's own name
 * therefore holds no dot there.
 */
public record Facts(Map<String, Fact> byName) {
  /** Nothing was asked. */
  public static final Facts NONE = new Facts(Map.of());

  private static final String NODE = "node.";

  /** Copies the map. */
  public Facts {
    byName = Map.copyOf(byName);
  }

  /** These and those; where both tell of one name, those count. */
  public Facts and(Facts others) {
    Map<String, Fact> all = new HashMap<>(byName);
    all.putAll(others.byName);
    return new Facts(all);
  }

  /** The fact of that name; unknown if it was never asked. */
  public Fact get(String name) {
    return byName.getOrDefault(name, new Fact.Unknown("not asked"));
  }

  /**
   * The facts of each primary by its address, sorted, without their prefix; where the target is one
   * server, all of them under an empty address.
   */
  public Map<String, Facts> nodes() {
    Map<String, Map<String, Fact>> nodes = new TreeMap<>();
    byName.forEach((name, fact) -> {
      int dot = name.lastIndexOf('.');
      if (name.startsWith(NODE) && dot > NODE.length()) {
        nodes
            .computeIfAbsent(name.substring(NODE.length(), dot), address -> new HashMap<>())
            .put(name.substring(dot + 1), fact);
      }
    });
    Map<String, Facts> facts = new TreeMap<>();
    nodes.forEach((address, own) -> facts.put(address, new Facts(own)));
    return facts.isEmpty() ? Map.of("", this) : facts;
  }

  /** One thing that a live server was asked. Unknown is told apart from any answer. */
  public sealed interface Fact {

    /** The server's answer, as it gave it. */
    record Known(String value) implements Fact {}

    /** The server refused to tell, or cannot: why, in the server's own words where it has any. */
    record Unknown(String reason) implements Fact {}
  }
}
