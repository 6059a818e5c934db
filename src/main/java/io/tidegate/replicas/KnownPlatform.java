package io.tidegate.replicas;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A platform that is known by the variables that it sets, and what these prove about replicas. Each
 * of them runs more replicas without a file of the app being touched.
 *
 * @param name as its makers write it
 * @param mark a variable that is set there and nowhere else
 * @param dns a DNS name with an address for each running replica, made of variables in braces; empty:
 *     it has none
 */
public record KnownPlatform(String name, String mark, String dns) {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Z_]+)}");

  /**
   * In none of these does a variable hold a number of replicas. Two give a name for DNS; elsewhere
   * the identity of a replica says nothing of the others.
   *
   * @see <a href="https://render.com/docs/environment-variables">Render: RENDER_DISCOVERY_SERVICE</a>
   * @see <a href="https://fly.io/docs/machines/runtime-environment/">Fly.io's variables</a>
   * @see <a href="https://fly.io/docs/networking/private-networking/">Fly.io's DNS, which knows started
   *     Machines only</a>
   * @see <a href="https://docs.railway.com/reference/variables">Railway: RAILWAY_REPLICA_ID</a>
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-environment-variables.html">
   *     Amazon ECS</a>
   * @see <a href="https://cloud.google.com/run/docs/container-contract#env-vars">Cloud Run: a service's
   *     instances cannot be told apart; a job's tasks need not run at the same time</a>
   * @see <a href="https://learn.microsoft.com/en-us/azure/container-apps/environment-variables">Azure
   *     Container Apps: CONTAINER_APP_NAME; the name of a replica says nothing of the others</a>
   * @see <a href="https://learn.microsoft.com/en-us/azure/app-service/reference-app-settings">Azure
   *     App Service: WEBSITE_SITE_NAME; WEBSITE_INSTANCE_ID says nothing of the others</a>
   * @see <a href="https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings">
   *     Nomad: the first index is also that of an only one, and of each allocation of a system job</a>
   */
  private static final List<KnownPlatform> ALL =
      List.of(
          new KnownPlatform("Render", "RENDER_SERVICE_ID", "{RENDER_DISCOVERY_SERVICE}"),
          new KnownPlatform(
              "Fly.io", "FLY_APP_NAME", "{FLY_PROCESS_GROUP}.process.{FLY_APP_NAME}.internal"),
          new KnownPlatform("Railway", "RAILWAY_SERVICE_ID", ""),
          new KnownPlatform("Amazon ECS", "ECS_CONTAINER_METADATA_URI_V4", ""),
          new KnownPlatform("Cloud Run", "K_REVISION", ""),
          new KnownPlatform("Cloud Run", "CLOUD_RUN_JOB", ""),
          new KnownPlatform("Azure Container Apps", "CONTAINER_APP_NAME", ""),
          new KnownPlatform("Azure App Service", "WEBSITE_SITE_NAME", ""),
          new KnownPlatform("Nomad", "NOMAD_ALLOC_ID", ""),
          // The last, since others may run on it.
          new KnownPlatform("Kubernetes", "KUBERNETES_SERVICE_HOST", ""));

  /** The platform of this environment; empty: none that is known. */
  public static Optional<KnownPlatform> of(Map<String, String> environment) {
    return ALL.stream()
        .filter(platform -> !environment.getOrDefault(platform.mark, "").isBlank())
        .findFirst();
  }

  /** Its name for DNS; empty if it has none, or does not set all that the name is made of. */
  Optional<String> dns(Map<String, String> environment) {
    boolean complete =
        VARIABLE
            .matcher(dns)
            .results()
            .allMatch(
                it -> environment.getOrDefault(it.group(1), "").matches("[A-Za-z0-9.-]{1,200}"));
    return dns.isEmpty() || !complete
        ? Optional.empty()
        : Optional.of(
            VARIABLE.matcher(dns).replaceAll(it -> environment.getOrDefault(it.group(1), "")));
  }
}
