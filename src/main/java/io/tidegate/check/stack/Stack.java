package io.tidegate.check.stack;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is deployed together.
 *
 * @param containers all containers
 * @param writtenSecrets secrets that stand in the files outside of any container
 */
public record Stack(List<Container> containers, List<WrittenSecret> writtenSecrets) {
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
        .anyMatch(value ->
            value != null && server.hosts().stream().anyMatch(host -> names(value.value(), host)));
  }

  private static boolean names(String value, String host) {
    int at = value.indexOf(host);
    if (at < 0 || value.length() > 10_000) {
      return false;
    }
    return Pattern.compile(
            "(?:^|//|@|[,=\\s(])"
                + Pattern.quote(host)
                + "(?=$|:(?!//)|[/,;?\\s)]|\\.[a-z0-9.-]*svc)")
        .matcher(value)
        .find();
  }
}
