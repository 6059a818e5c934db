package io.tidegate.config;

import java.util.regex.Pattern;

/**
 * The variables that Kubernetes puts into every container of a namespace for each of its services. A
 * service called {@code tidegate}, or {@code tidegate-http}, gives some that begin as ours do.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">the
 *     names</a>
 */
final class ServiceLinks {
  private static final Pattern NAME =
      Pattern.compile(
          "TIDEGATE(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?"
              + "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  private static final Pattern PORT = Pattern.compile("TIDEGATE(_[A-Z0-9_]+)?_PORT");

  private ServiceLinks() {}

  /** Whether a variable is such a one. {@code TIDEGATE_HTTP_PORT} is told by its value. */
  static boolean isOne(String variable, String value) {
    return NAME.matcher(variable).matches()
        || (PORT.matcher(variable).matches()
            && (value.startsWith("tcp://")
                || value.startsWith("udp://")
                || value.startsWith("sctp://")));
  }
}
