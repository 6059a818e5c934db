package io.tidegate.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaSources.DeclaredReplicas;
import io.tidegate.replicas.ReplicaSources.SilentPlatform;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the variables of platforms prove, and what they do not. */
class KnownPlatformTest {
  private static final InetAddress[] TWO = {address(1), address(2)};

  @ParameterizedTest
  @CsvSource({
    "K_REVISION, web-00001-abc, Cloud Run",
    "CLOUD_RUN_JOB, load, Cloud Run",
    "ECS_CONTAINER_METADATA_URI_V4, http://169.254.170.2/v4/1, Amazon ECS",
    "CONTAINER_APP_NAME, shop, Azure Container Apps",
    "WEBSITE_SITE_NAME, shop, Azure App Service",
    "RAILWAY_SERVICE_ID, 2b0f5a1e, Railway",
    "FLY_APP_NAME, app, Fly.io",
    "RENDER_SERVICE_ID, srv-1, Render",
    "NOMAD_ALLOC_ID, 5a3f8a4e, Nomad"
  })
  void a_platform_that_proves_nothing_is_named_in_the_reason(
      String variable, String value, String platform) throws Exception {
    assertThat(count(Map.of(variable, value)))
        .isEqualTo(
            new Unknown(
                "no TIDEGATE_REPLICAS is declared, and %s does not tell its replicas how many they are"
                    .formatted(platform)));
  }

  @Test
  void a_task_of_a_cloud_run_job_may_be_the_only_one_that_runs() throws Exception {
    assertThat(
            count(
                Map.of(
                    "CLOUD_RUN_JOB", "load",
                    "CLOUD_RUN_TASK_INDEX", "4",
                    "CLOUD_RUN_TASK_COUNT", "9")))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void the_instances_of_a_service_on_render_are_counted_by_dns() throws Exception {
    assertThat(
            count(
                Map.of("RENDER_SERVICE_ID", "srv-1", "RENDER_DISCOVERY_SERVICE", "web-discovery")))
        .isEqualTo(new AtLeast(2, "seen as addresses of web-discovery"));
  }

  @Test
  void the_machines_of_a_process_group_on_fly_are_counted_by_dns() throws Exception {
    assertThat(count(Map.of("FLY_APP_NAME", "shop", "FLY_PROCESS_GROUP", "web")))
        .isEqualTo(new AtLeast(2, "seen as addresses of web.process.shop.internal"));
  }

  @Test
  void what_is_no_name_is_not_looked_up() throws Exception {
    assertThat(count(Map.of("FLY_APP_NAME", "shop", "FLY_PROCESS_GROUP", "a b$1")))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void a_name_that_is_declared_replaces_that_of_the_platform() throws Exception {
    ReplicaSettings settings =
        new ReplicaSettings(
            null,
            "tasks.web",
            Path.of("/nowhere"),
            Map.of("FLY_APP_NAME", "shop", "FLY_PROCESS_GROUP", "web"));

    assertThat(replicaCounter(settings).count())
        .isEqualTo(new AtLeast(2, "seen as addresses of tasks.web"));
  }

  private static ReplicaCount count(Map<String, String> environment) throws Exception {
    return replicaCounter(new ReplicaSettings(null, null, Path.of("/nowhere"), environment))
        .count();
  }

  private static ReplicaCounter replicaCounter(ReplicaSettings settings) {
    return new ReplicaCounter(
        List.of(
            new SilentPlatform(settings),
            new IndexReplicas(settings),
            new DnsReplicas(settings, name -> TWO.clone(), Duration.ofSeconds(30)),
            new DeclaredReplicas(settings)));
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
