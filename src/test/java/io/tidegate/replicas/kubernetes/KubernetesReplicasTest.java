package io.tidegate.replicas.kubernetes;

import static io.tidegate.servers.KubernetesObjects.NO_OWNER;
import static io.tidegate.servers.KubernetesObjects.autoscaler;
import static io.tidegate.servers.KubernetesObjects.controller;
import static io.tidegate.servers.KubernetesObjects.daemonSet;
import static io.tidegate.servers.KubernetesObjects.deployment;
import static io.tidegate.servers.KubernetesObjects.owner;
import static io.tidegate.servers.KubernetesObjects.rolling;
import static io.tidegate.servers.KubernetesObjects.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.replicas.ReplicaCount;
import io.tidegate.replicas.ReplicaCount.AtLeast;
import io.tidegate.replicas.ReplicaCount.Exactly;
import io.tidegate.replicas.ReplicaCount.Unknown;
import io.tidegate.replicas.ReplicaCount.UpTo;
import io.tidegate.servers.KubernetesApi;
import io.tidegate.servers.KubernetesObjects;
import io.tidegate.servers.RbacManifest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the objects of a cluster say about the number of pods. */
class KubernetesReplicasTest {
  private static final String RECREATE = "{\"type\": \"Recreate\"}";

  @TempDir Path folder;
  private Cluster cluster;

  @BeforeEach
  void start() {
    cluster = new Cluster(folder);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void a_deployment_has_the_replicas_of_its_spec() throws Exception {
    cluster.web(deployment("web", 3, RECREATE));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(3, "in Kubernetes (Deployment web: spec.replicas 3)"));
    assertThat(cluster.api().requests())
        .containsExactly(
            "GET /api/v1/namespaces/shop/pods/web-5d9f-x7k2p",
            "GET /apis/apps/v1/namespaces/shop/replicasets/web-5d9f",
            "GET /apis/apps/v1/namespaces/shop/deployments/web",
            "GET /apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers");
  }

  @Test
  void an_autoscaler_may_make_them_more() throws Exception {
    cluster.web(deployment("web", 1, RECREATE));
    cluster.autoscalers(autoscaler("web", "apps/v1", "Deployment", "web", 5));

    assertThat(cluster.count())
        .isEqualTo(
            new UpTo(
                5,
                "in Kubernetes (Deployment web: spec.replicas 1, HorizontalPodAutoscaler web up to"
                    + " 5)"));
  }

  @Test
  void the_larger_of_both_counts_also_where_several_autoscalers_point_at_it() throws Exception {
    cluster.web(deployment("web", 7, RECREATE));
    cluster.autoscalers(
        autoscaler("one", "apps/v1", "Deployment", "web", 2),
        autoscaler("two", "apps/v1", "Deployment", "web", 4));

    assertThat(cluster.count())
        .isEqualTo(
            new UpTo(
                7,
                "in Kubernetes (Deployment web: spec.replicas 7, HorizontalPodAutoscaler one up to"
                    + " 2, HorizontalPodAutoscaler two up to 4)"));
  }

  @Test
  void an_autoscaler_of_something_else_does_not_count() throws Exception {
    cluster.web(deployment("web", 1, RECREATE));
    cluster.autoscalers(
        autoscaler("api", "apps/v1", "Deployment", "api", 5),
        autoscaler("set", "apps/v1", "StatefulSet", "web", 6),
        autoscaler("own", "example.com/v1", "Deployment", "web", 7));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(1, "in Kubernetes (Deployment web: spec.replicas 1)"));
  }

  @Test
  void an_autoscaler_that_allows_one_is_no_range() throws Exception {
    cluster.web(deployment("web", 1, RECREATE));
    cluster.autoscalers(autoscaler("web", "apps/v1", "Deployment", "web", 1));

    assertThat(cluster.count()).isInstanceOf(Exactly.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1, '\"25%\"', 1, 25%",
    "1, '\"1%\"', 1, 1%",
    "1, '1', 1, 1",
    "4, '\"25%\"', 1, 25%",
    "5, '\"25%\"', 2, 25%",
    "1, '\"0%\"', 0, ",
    "1, '0', 0, ",
  })
  void a_rolling_update_runs_more_for_a_while(
      int replicas, String maxSurge, int surge, String written) throws Exception {
    cluster.web(deployment("web", replicas, rolling(maxSurge)));

    String rollout = surge == 0 ? "" : ", RollingUpdate with maxSurge " + written;
    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                replicas,
                "in Kubernetes (Deployment web: spec.replicas %d%s)".formatted(replicas, rollout),
                surge));
  }

  @Test
  void a_deployment_without_a_word_on_its_strategy_surges_by_a_quarter() throws Exception {
    cluster.web(workload("apps/v1", "Deployment", "web", NO_OWNER, "\"paused\": false"));

    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                1,
                "in Kubernetes (Deployment web: spec.replicas 1, RollingUpdate with maxSurge 25%)",
                1));
  }

  @Test
  void a_deployment_that_was_scaled_to_none_still_has_this_pod() throws Exception {
    cluster.web(deployment("web", 0, RECREATE));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(1, "in Kubernetes (Deployment web: spec.replicas 1)"));
  }

  @Test
  void a_stateful_set_is_scaled_and_does_not_surge() throws Exception {
    statefulSet("db");
    assertThat(cluster.count())
        .isEqualTo(new Exactly(1, "in Kubernetes (StatefulSet db: spec.replicas 1)"));

    cluster.autoscalers(autoscaler("db", "apps/v1", "StatefulSet", "db", 3));
    assertThat(cluster.count())
        .isEqualTo(
            new UpTo(
                3,
                "in Kubernetes (StatefulSet db: spec.replicas 1, HorizontalPodAutoscaler db up to 3)"));
  }

  @Test
  void a_stateful_set_that_a_custom_resource_owns_may_be_one_of_many() throws Exception {
    cluster.pod(controller("apps/v1", "StatefulSet", "db-0"));
    String owner = controller("example.com/v1", "DatabaseCluster", "db");
    String set = "statefulsets/db-0";
    cluster
        .api()
        .put(
            "/apis/example.com/v1",
            KubernetesObjects.kinds("example.com/v1", "DatabaseCluster", "clusters", false));
    cluster.api().put(set, workload("apps/v1", "StatefulSet", "db-0", owner, "\"replicas\": 1"));
    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "StatefulSet db-0: spec.replicas 1, of the DatabaseCluster db, whose kind has no"
                    + " subresource scale that selects this pod"));

    cluster.api().put(set, workload("apps/v1", "StatefulSet", "db-0", owner, "\"replicas\": 3"));
    assertThat(cluster.count())
        .isEqualTo(
            new AtLeast(
                3,
                "in Kubernetes (StatefulSet db-0: spec.replicas 3, of the DatabaseCluster db, whose"
                    + " kind has no subresource scale that selects this pod)"));

    cluster.autoscalers(autoscaler("db", "apps/v1", "StatefulSet", "db-0", 5));
    assertThat(cluster.count()).isInstanceOf(AtLeast.class).returns(5, ReplicaCount::number);
  }

  @Test
  void a_replica_set_that_nobody_owns_counts_itself() throws Exception {
    cluster.pod(controller("apps/v1", "ReplicaSet", "web-5d9f"));
    cluster
        .api()
        .put(
            "replicasets/web-5d9f",
            workload("apps/v1", "ReplicaSet", "web-5d9f", NO_OWNER, "\"replicas\": 2"));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(2, "in Kubernetes (ReplicaSet web-5d9f: spec.replicas 2)"));
  }

  @Test
  void a_daemon_set_is_a_lower_bound_and_unknown_on_one_node() throws Exception {
    cluster.pod(controller("apps/v1", "DaemonSet", "agent"));
    cluster.api().put("daemonsets/agent", daemonSet("agent", 3));
    assertThat(cluster.count())
        .isEqualTo(new AtLeast(3, "in Kubernetes (DaemonSet agent: one on each node, 3 now)"));

    cluster.api().put("daemonsets/agent", daemonSet("agent", 1));
    assertThat(cluster.count()).isEqualTo(new Unknown("DaemonSet agent: one on each node, 1 now"));
  }

  @ParameterizedTest
  @CsvSource({
    "'\"parallelism\": 1, \"completions\": 1', 1, Job load: spec.parallelism 1",
    "'\"parallelism\": 4', 4, Job load: spec.parallelism 4",
    "'\"parallelism\": 4, \"completions\": 9', 4, Job load: spec.parallelism 4",
    "'\"parallelism\": 4, \"completions\": 2', 2, 'Job load: spec.parallelism 4, spec.completions 2'",
    "'\"backoffLimit\": 6', 1, Job load: spec.parallelism 1"
  })
  void a_job_runs_as_many_at_once_as_it_may(String spec, int count, String words) throws Exception {
    cluster.pod(controller("batch/v1", "Job", "load"));
    String ofCronJob = controller("batch/v1", "CronJob", "nightly");
    cluster.api().put("jobs/load", workload("batch/v1", "Job", "load", ofCronJob, spec));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(count, "in Kubernetes (%s)".formatted(words)));
  }

  @Test
  void a_pod_that_nothing_controls_is_one() throws Exception {
    cluster.pod(owner("example.com/v1", "Note", "n", false));

    assertThat(cluster.count())
        .isEqualTo(new Exactly(1, "in Kubernetes (Pod web-5d9f-x7k2p: no controller)"));
  }

  @ParameterizedTest
  @CsvSource({
    "batch.volcano.sh/v1alpha1, Job",
    "example.com/v1, Deployment",
  })
  void a_controller_of_another_kind_that_cannot_be_scaled_is_named(String version, String kind)
      throws Exception {
    cluster.pod(controller(version, kind, "other"));
    cluster.api().put("/apis/" + version, KubernetesObjects.kinds(version, kind, "others", false));

    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "Pod web-5d9f-x7k2p, of the %s other, whose kind has no subresource scale that"
                        .formatted(kind)
                    + " selects this pod"));
  }

  @Test
  void an_owner_of_another_kind_is_counted_by_its_subresource_scale() throws Exception {
    rollout(1, 1, "app=web");
    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(
                1,
                "in Kubernetes (ReplicaSet web-5d9f: spec.replicas 1, of the Rollout web: scale 1)",
                1));
    assertThat(cluster.api().requests())
        .contains("GET /apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web/scale")
        .hasSize(5);

    rollout(1, 3, "app=web");
    assertThat(cluster.count()).isInstanceOf(Exactly.class).returns(3, ReplicaCount::number);

    rollout(5, 3, "app=web");
    assertThat(cluster.count()).isInstanceOf(Exactly.class).returns(5, ReplicaCount::number);

    cluster.autoscalers(autoscaler("web", "argoproj.io/v1alpha1", "Rollout", "web", 9));
    assertThat(cluster.count()).isInstanceOf(UpTo.class).returns(9, ReplicaCount::number);
  }

  @Test
  void a_pod_and_a_stateful_set_of_another_kind_are_counted_by_its_scale() throws Exception {
    rollout(1, 4, "app=web");
    cluster.pod(controller("argoproj.io/v1alpha1", "Rollout", "web"));
    assertThat(cluster.count())
        .isEqualTo(
            new Exactly(4, "in Kubernetes (Pod web-5d9f-x7k2p, of the Rollout web: scale 4)"));

    statefulSet("db", controller("argoproj.io/v1alpha1", "Rollout", "web"));
    assertThat(cluster.count()).isInstanceOf(Exactly.class).returns(4, ReplicaCount::number);
  }

  /** Sets of values are not read; nor is a selector of other pods, or none, a count of this one. */
  @ParameterizedTest
  @ValueSource(strings = {"", "app=api", "app=web,tier=back", "app", "app in (web)", "app!=web"})
  void a_scale_that_may_not_count_this_pod_is_no_count(String selector) throws Exception {
    rollout(1, 1, selector);
    assertThat(cluster.count())
        .isInstanceOf(Unknown.class)
        .extracting(ReplicaCount::describe)
        .asString()
        .contains("no subresource scale that selects this pod");

    rollout(2, 1, selector);
    assertThat(cluster.count()).isInstanceOf(AtLeast.class).returns(2, ReplicaCount::number);
  }

  @Test
  void a_scale_that_may_not_be_read_is_unknown_and_names_the_right() throws Exception {
    rollout(1, 1, "app=web");
    assertThat(cluster.count()).isInstanceOf(Exactly.class);
    String right = "get rollouts.argoproj.io --subresource=scale";
    cluster.api().revoke(right);

    assertThat(cluster.count().describe()).contains("has refused to say it since");
    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "the service account may not `%s` in namespace shop (403); ReplicaSet web-5d9f:"
                        .formatted(right)
                    + " spec.replicas 1"));

    rollout(2, 1, "app=web");
    cluster.api().revoke(right);
    assertThat(cluster.count())
        .isInstanceOf(AtLeast.class)
        .extracting(ReplicaCount::describe)
        .asString()
        .contains(right);
  }

  /** The pod is one of a Rollout's, by a ReplicaSet of so many. */
  private void rollout(int inSet, int scale, String selector) {
    cluster.pod(controller("apps/v1", "ReplicaSet", "web-5d9f"));
    String version = "argoproj.io/v1alpha1";
    KubernetesApi api = cluster.api();
    api.put(
        "replicasets/web-5d9f",
        workload(
            "apps/v1",
            "ReplicaSet",
            "web-5d9f",
            controller(version, "Rollout", "web"),
            "\"replicas\": " + inSet));
    api.put("/apis/" + version, KubernetesObjects.kinds(version, "Rollout", "rollouts", true));
    api.put("rollouts/web/scale", KubernetesObjects.scale("web", scale, selector));
    api.grant("get rollouts.argoproj.io --subresource=scale");
  }

  @Test
  void owners_in_a_circle_are_not_followed_round_it() throws Exception {
    String itself = controller("apps/v1", "ReplicaSet", "web-5d9f");
    cluster.pod(itself);
    cluster
        .api()
        .put(
            "replicasets/web-5d9f",
            workload("apps/v1", "ReplicaSet", "web-5d9f", itself, "\"replicas\": 1"));
    cluster
        .api()
        .put("/apis/apps/v1", KubernetesObjects.kinds("apps/v1", "Other", "others", false));

    assertThat(cluster.count()).isInstanceOf(Unknown.class);
    assertThat(cluster.api().requests()).hasSize(4);
  }

  @Test
  void a_name_that_would_lead_elsewhere_is_not_asked_for() throws Exception {
    cluster.pod(controller("apps/v1", "StatefulSet", "../secrets/db"));

    assertThat(cluster.count())
        .isEqualTo(new Unknown("no StatefulSet can have the name ../secrets/db"));
    assertThat(cluster.api().requests()).hasSize(1);
  }

  @Test
  void the_manifest_grants_what_all_of_this_needs_and_nothing_else() throws Exception {
    cluster.web(deployment("web", 1, RECREATE));
    cluster.count();
    statefulSet("it");
    cluster.count();
    cluster.pod(controller("apps/v1", "DaemonSet", "it"));
    cluster.api().put("daemonsets/it", daemonSet("it", 1));
    cluster.count();
    cluster.pod(controller("batch/v1", "Job", "it"));
    cluster.api().put("jobs/it", workload("batch/v1", "Job", "it", NO_OWNER, "\"parallelism\": 1"));
    cluster.count();
    new RefusalEvents(cluster.settings(Map.of()), Clock.systemUTC(), Cluster.PATIENT)
        .write("refused");

    assertThat(RbacManifest.rights()).containsExactlyInAnyOrderElementsOf(cluster.api().used());
  }

  @Test
  void the_downward_api_names_the_pod_before_the_host_name_does() throws Exception {
    cluster.pod(NO_OWNER);
    ReplicaCount count =
        cluster
            .source(Map.of("POD_NAME", Cluster.POD, "HOSTNAME", "node-7.example"))
            .count()
            .orElseThrow();

    assertThat(count).isInstanceOf(Exactly.class);
  }

  @Test
  void outside_kubernetes_nothing_is_asked() throws Exception {
    cluster.web(deployment("web", 3, RECREATE));

    assertThat(cluster.source(Map.of("KUBERNETES_SERVICE_HOST", "")).count()).isEmpty();
    assertThat(cluster.api().requests()).isEmpty();
  }

  /** The own pod is one of a StatefulSet's only replica. */
  private void statefulSet(String name) {
    statefulSet(name, NO_OWNER);
  }

  private void statefulSet(String name, String owner) {
    cluster.pod(controller("apps/v1", "StatefulSet", name));
    cluster
        .api()
        .put(
            "statefulsets/" + name,
            workload("apps/v1", "StatefulSet", name, owner, "\"replicas\": 1"));
  }
}
