package io.tidegate.guard.rules;

import io.tidegate.engine.HostPort;
import io.tidegate.engine.Target;
import io.tidegate.guard.Evidence;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether an address is this very host, told by its spelling: nothing is looked up. In a pod that is
 * every container of it; in Compose each container is a host of its own.
 */
final class ThisHost {
  /** 127.0.0.0/8, and how an IPv6 address is mapped to it. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(::ffff:)?127(\\.[0-9]{1,3}){1,3}|::1|(0+:){7}0*1");

  private ThisHost() {}

  /** Whether all of a target's addresses are; a file has none. */
  static boolean all(Target target, Evidence evidence) {
    return others(target, evidence).isEmpty();
  }

  /** The addresses that are elsewhere. */
  static List<HostPort> others(Target target, Evidence evidence) {
    String own = evidence.environment().getOrDefault("HOSTNAME", "");
    return target.url().hosts().stream()
        .filter(address -> !isLoopback(address.host()) && !address.host().equals(own))
        .toList();
  }

  private static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || LOOPBACK.matcher(name).matches();
  }
}
