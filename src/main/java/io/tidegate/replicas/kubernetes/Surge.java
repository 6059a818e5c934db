package io.tidegate.replicas.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * How many pods a Deployment's rollout runs beyond its replicas, until the old ones are gone.
 *
 * @param pods how many more
 * @param maxSurge as it is written: {@code 25%}
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge">Max
 *     surge</a>
 */
record Surge(int pods, String maxSurge) {
  static final Surge NONE = new Surge(0, "0");

  private static final String DEFAULT = "25%";

  static Surge of(ApiObject deployment, int replicas) {
    ApiObject strategy = deployment.at("spec", "strategy");
    if (strategy.text("type").equals("Recreate")) {
      return NONE;
    }
    ApiObject rolling = strategy.at("rollingUpdate");
    Integer number = rolling.number("maxSurge");
    String text = rolling.text("maxSurge");
    String written = number != null ? number.toString() : text.isEmpty() ? DEFAULT : text;
    return new Surge(pods(written, replicas), written);
  }

  String describe() {
    return "RollingUpdate with maxSurge " + maxSurge;
  }

  /** A percentage is rounded up, so that one per cent of one pod is one more. */
  private static int pods(String maxSurge, int replicas) {
    Integer percent = maxSurge.endsWith("%") ? whole(maxSurge.replace("%", "")) : null;
    if (percent != null) {
      return Math.ceilDiv(percent * replicas, 100);
    }
    Integer number = whole(maxSurge);
    return number == null ? 0 : number;
  }

  private static @Nullable Integer whole(String text) {
    return text.matches("[0-9]{1,6}") ? Integer.valueOf(text) : null;
  }
}
