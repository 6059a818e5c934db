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
    cluster.api().put(set, workload("apps/v1", "StatefulSet", "db-0", owner, "\"replicas\": 1"));
    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "StatefulSet db-0: spec.replicas 1, of the DatabaseCluster db, a kind that Tidegate"
                    + " does not know"));

    cluster.api().put(set, workload("apps/v1", "StatefulSet", "db-0", owner, "\"replicas\": 3"));
    assertThat(cluster.count())
        .isEqualTo(
            new AtLeast(
                3,
                "in Kubernetes (StatefulSet db-0: spec.replicas 3, of the DatabaseCluster db, a kind"
                    + " that Tidegate does not know)"));

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
    "v1, ReplicationController",
    "batch.volcano.sh/v1alpha1, Job",
    "example.com/v1, Deployment"
  })
  void a_controller_of_another_kind_is_named_and_not_asked_for(String version, String kind)
      throws Exception {
    cluster.pod(controller(version, kind, "other"));

    assertThat(cluster.count())
        .isEqualTo(
            new Unknown(
                "Pod web-5d9f-x7k2p belongs to the %s other, a kind that Tidegate does not know"
                    .formatted(kind)));
    assertThat(cluster.api().requests()).hasSize(1);
  }

  @Test
  void a_replica_set_of_an_unknown_kind_is_a_lower_bound() throws Exception {
    cluster.pod(controller("apps/v1", "ReplicaSet", "web-5d9f"));
    String rollout = controller("argoproj.io/v1alpha1", "Rollout", "web");
    cluster
        .api()
        .put(
            "replicasets/web-5d9f",
            workload("apps/v1", "ReplicaSet", "web-5d9f", rollout, "\"replicas\": 2"));

    assertThat(cluster.count())
        .isEqualTo(
            new AtLeast(
                2,
                "in Kubernetes (ReplicaSet web-5d9f: spec.replicas 2, of the Rollout web, a kind"
                    + " that Tidegate does not know)"));
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

    assertThat(cluster.count()).isInstanceOf(Unknown.class);
    assertThat(cluster.api().requests()).hasSize(2);
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
    new RefusalEvents(cluster.settings(Map.of()), Clock.systemUTC()).write("refused");

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
  private void statefulSet(String name) throws Exception {
    cluster.pod(controller("apps/v1", "StatefulSet", name));
    cluster
        .api()
        .put(
            "statefulsets/" + name,
            workload("apps/v1", "StatefulSet", name, NO_OWNER, "\"replicas\": 1"));
  }
}
