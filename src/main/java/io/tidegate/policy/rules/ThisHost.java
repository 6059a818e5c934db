package io.tidegate.policy.rules;

import io.tidegate.policy.Evidence;
import io.tidegate.target.ServiceUrl.HostPort;
import io.tidegate.target.Target;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whether an address is this very host, by its spelling: nothing is looked up. In a pod that is
 * every container of it; in Compose each container is a host of its own, beside others on a network
 * that only they share.
 */
final class ThisHost {
  /** 127.0.0.0/8, and how an IPv6 address is mapped to it. */
  private static final Pattern LOOPBACK =
      Pattern.compile("(::ffff:)?127(\\.[0-9]{1,3}){1,3}|::1|(0+:){7}0*1");

  /** What Docker calls a container that nobody named, and sets HOSTNAME to. */
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{12}");

  private static final Pattern SERVICE = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private ThisHost() {}

  /** Whether all of a target's addresses are; a file has none. */
  static boolean hasAll(Target target, Evidence evidence) {
    return others(target, evidence).isEmpty();
  }

  /** The addresses that are elsewhere. */
  static List<HostPort> others(Target target, Evidence evidence) {
    String own = evidence.environment().getOrDefault("HOSTNAME", "");
    return target.url().hosts().stream()
        .filter(address -> !isLoopback(address.host()) && !address.host().equals(own))
        .toList();
  }

  /**
   * Whether all that is elsewhere is a name that Docker gives within one network, for a container:
   * what passes there is seen by that network's containers and by this machine, unless the network
   * is an overlay over several. Anywhere else a short name may be a host of the company's own, and in
   * Kubernetes it is a Service on any node.
   *
   * @see <a href="https://docs.docker.com/compose/how-tos/networking/">Networking in Compose</a>
   */
  static boolean sharesDockerNetwork(Target target, Evidence evidence) {
    Map<String, String> environment = evidence.environment();
    return CONTAINER.matcher(environment.getOrDefault("HOSTNAME", "")).matches()
        && !environment.containsKey("KUBERNETES_SERVICE_HOST")
        && others(target, evidence).stream()
            .allMatch(address -> SERVICE.matcher(address.host()).matches());
  }

  private static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || LOOPBACK.matcher(name).matches();
  }
}
