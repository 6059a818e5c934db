package io.tidegate.manifest.stack;

import io.tidegate.manifest.stack.Container.Variable;
import io.tidegate.source.SourceFile.Location;
import java.util.List;
import java.util.Optional;

/**
 * What is deployed together.
 *
 * @param containers all containers
 * @param writtenSecrets secrets that stand in the files outside of any container
 */
public record Stack(List<Container> containers, List<WrittenSecret> writtenSecrets) {
  private static final int LONGEST = 10_000;

  /** Copies the lists. */
  public Stack {
    containers = List.copyOf(containers);
    writtenSecrets = List.copyOf(writtenSecrets);
  }

  /**
   * A value that stands in a Secret or a ConfigMap.
   *
   * @param subject the object that holds it
   * @param value where and what
   */
  public record WrittenSecret(Subject subject, Variable value) {}

  /** The container that a service of Compose runs. */
  public Optional<Container> service(String name) {
    return containers.stream().filter(container -> container.workload().equals(name)).findFirst();
  }

  /** Whether a container knows the address of another: by a host name in one of its variables. */
  public static boolean uses(Container app, Container server) {
    if (app.equals(server)) {
      return false;
    }
    if (app.dependencies().stream().anyMatch(on -> on.service().equals(server.workload()))) {
      return true;
    }
    return app.environment().stream()
        .map(Variable::value)
        .anyMatch(value -> value != null && names(value.value(), server));
  }

  /** Whether a text names a container by one of its host names. */
  public static boolean names(String text, Container server) {
    return server.hosts().stream().anyMatch(host -> names(text, host));
  }

  private static boolean names(String value, String host) {
    if (value.length() > LONGEST || host.isEmpty()) {
      return false;
    }
    for (int at = value.indexOf(host); at >= 0; at = value.indexOf(host, at + 1)) {
      if (mayBegin(value, at) && mayEnd(value, at + host.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayBegin(String value, int at) {
    return at == 0
        || value.startsWith("//", at - 2)
        || "@,=( \t\n".indexOf(value.charAt(at - 1)) >= 0;
  }

  /** A name before :// is a scheme, and one before a dot is another host's, but in a cluster. */
  private static boolean mayEnd(String value, int end) {
    if (end == value.length() || "/,;?) \t\n".indexOf(value.charAt(end)) >= 0) {
      return true;
    }
    int cluster = value.indexOf(".svc", end);
    return value.charAt(end) == ':'
        ? !value.startsWith("://", end)
        : cluster >= 0 && value.substring(end, cluster).matches("(?:\\.[a-z0-9-]{1,63})?");
  }

  /**
   * What a finding is about.
   *
   * @param label as in {@code service web} or {@code Deployment web, container app}
   * @param location where it is declared
   * @param acceptances the texts of its label or annotation {@code tidegate.io/accept}
   */
  public record Subject(String label, Location location, List<String> acceptances) {
    /** The label or annotation by which findings are accepted. */
    public static final String ACCEPT = "tidegate.io/accept";

    /** Copies the list. */
    public Subject {
      acceptances = List.copyOf(acceptances);
    }
  }
}
