package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.policy.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of ECS, Nomad, Render and Fly.io, and those that are named as not read. */
class PlatformFilesTest {
  private static final String SQLITE =
      "\"environment\": [{\"name\": \"DATABASE_URL\", \"value\": \"sqlite:////data/app.db\"}]";

  private static final String MOUNT =
      "\"mountPoints\": [{\"sourceVolume\": \"data\", \"containerPath\": \"/data\"}]";

  private static final String EFS =
      "{\"name\": \"data\", \"efsVolumeConfiguration\": {\"fileSystemId\": \"fs-1\"}}";

  @TempDir Path directory;

  /** Errors and warnings, as {@code severity rule evidence}. */
  private List<String> found() {
    return Checked.files(directory).findings().stream()
        .map(reported -> reported.finding())
        .filter(finding -> finding.severity() != Severity.NOTICE)
        .map(finding ->
            "%s %s %s"
                .formatted(
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.rule().id(),
                    finding.evidence()))
        .toList();
  }

  private List<String> notes() {
    return Checked.files(directory).notes().stream()
        .map(note ->
            "%s %s: %s"
                .formatted(
                    note.severity().name().toLowerCase(Locale.ROOT),
                    directory.relativize(Path.of(note.location().file())),
                    note.what()))
        .toList();
  }

  private void task(String container, String volume) {
    write(
        directory,
        "task-definition.json",
        """
        {
        \t"family": "shop",
        \t"networkMode": "awsvpc",
        \t"memory": "1024",
        \t"containerDefinitions": [{"name": "web", "image": "web:1", %s}],
        \t"volumes": [%s]
        }
        """
            .formatted(container, volume));
  }

  private void service(String rest) {
    write(
        directory,
        "service.json",
        """
        {"serviceName": "shop", "taskDefinition":
         "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7", %s}
        """
            .formatted(rest));
  }

  @Test
  void ecs_sqlite_under_several_tasks() {
    task(SQLITE + ", " + MOUNT, EFS);
    service("\"desiredCount\": 3");
    assertThat(found())
        .containsExactly(
            "error sqlite-replicas DATABASE_URL is sqlite:////data/app.db; desiredCount is 3");
  }

  @Test
  void ecs_sqlite_on_each_instance() {
    task(SQLITE + ", " + MOUNT, EFS);
    service("\"schedulingStrategy\": \"DAEMON\"");
    assertThat(found())
        .containsExactly(
            "error sqlite-replicas DATABASE_URL is sqlite:////data/app.db; a DAEMON service runs one"
                + " on each instance");
  }

  @Test
  void ecs_sqlite_while_the_next_task_starts() {
    task(SQLITE + ", " + MOUNT, EFS);
    service("\"desiredCount\": 1");
    assertThat(found())
        .containsExactly(
            "warning sqlite-replicas DATABASE_URL is sqlite:////data/app.db; a rolling update runs two"
                + " for a while: set maximumPercent to 100");
    service(
        "\"desiredCount\": 1, \"deploymentConfiguration\": {\"maximumPercent\": 100,"
            + " \"minimumHealthyPercent\": 0}");
    assertThat(found()).isEmpty();
  }

  @Test
  void ecs_task_alone_says_nothing_of_its_replicas() {
    task(SQLITE + ", " + MOUNT, EFS);
    assertThat(found()).isEmpty();
    assertThat(notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"data\"}",
        "{\"name\": \"data\", \"host\": {}}",
        "{\"name\": \"data\", \"dockerVolumeConfiguration\": {\"scope\": \"task\"}}"
      })
  void ecs_sqlite_in_a_directory_of_the_task(String volume) {
    task(SQLITE + ", " + MOUNT, volume);
    assertThat(found())
        .containsExactly(
            "error database-volume DATABASE_URL is sqlite:////data/app.db; /data is a directory"
                + " of the task, which is gone with it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\": \"data\", \"host\": {\"sourcePath\": \"/ecs/data\"}}",
        "{\"name\": \"data\", \"configuredAtLaunch\": true}",
        "{\"name\": \"data\", \"dockerVolumeConfiguration\": {\"scope\": \"shared\", \"driver\":"
            + " \"rexray/ebs\"}}"
      })
  void ecs_volume_that_may_keep_is_no_finding(String volume) {
    task(SQLITE + ", " + MOUNT, volume);
    assertThat(found()).isEmpty();
  }

  @Test
  void ecs_sqlite_that_litestream_brings_back_is_no_finding() {
    task(SQLITE.replace("[{", "[{\"name\": \"LITESTREAM_BUCKET\", \"value\": \"b\"}, {"), "");
    assertThat(found()).isEmpty();
  }

  @Test
  void ecs_database_and_redis_beside_the_app() {
    write(
        directory,
        "ecs.json",
        """
        {
          "taskDefinition": {"family": "shop", "networkMode": "awsvpc", "containerDefinitions": [
            {"name": "web", "image": "web:1",
             "environment": [{"name": "CELERY_BROKER_URL", "value": "redis://localhost:6379/0"}],
             "dependsOn": [{"containerName": "db", "condition": "START"}]},
            {"name": "db", "image": "postgres:18", "memory": 512,
             "healthCheck": {"command": ["CMD-SHELL", "pg_isready -h 127.0.0.1"]}},
            {"name": "redis", "image": "redis:8", "memory": 256,
             "command": ["redis-server", "--maxmemory", "256mb"],
             "healthCheck": {"command": ["CMD-SHELL", "redis-cli ping | grep PONG"]},
             "dockerLabels": {"tidegate.io/accept": "database-memory it is small"}}]},
          "service": {"desiredCount": 2}
        }
        """);
    assertThat(found())
        .containsExactlyInAnyOrder(
            "error database-volume PostgreSQL keeps its data in /var/lib/postgresql, where no volume is"
                + " mounted",
            "error redis-persistence its data is on no volume that outlives it; task shop, container"
                + " web uses it by CELERY_BROKER_URL, and desiredCount is 2",
            "warning depends-on depends_on db waits for service_started only");
    assertThat(Checked.files(directory).accepted())
        .singleElement()
        .satisfies(accepted ->
            assertThat(accepted.finding().evidence())
                .isEqualTo("the memory limit is 256m, and maxmemory is 256mb"));
  }

  @Test
  void ecs_service_without_its_task_is_named() {
    service("\"desiredCount\": 3");
    assertThat(notes())
        .containsExactly(
            "notice service.json: is a service of ECS whose task definition is not among the files");
  }

  @Test
  void json_with_escaped_slashes_is_read() {
    task(
        "\"environment\": [{\"name\": \"DATABASE_URL\", \"value\": \"sqlite:\\/\\/\\/a.db\"}]", "");
    assertThat(notes()).isEmpty();
    assertThat(found())
        .containsExactly(
            "error database-volume DATABASE_URL is sqlite:///a.db; no volume is mounted");
  }

  @Test
  void broken_json_is_called_json() {
    write(directory, "task.json", "{\"containerDefinitions\": [{\"name\" \"web\"}]}");
    assertThat(notes())
        .containsExactly("error task.json: is not valid JSON here, so the file is not checked");
  }

  @Test
  void escaped_secret_is_not_shown_beside_another_finding() {
    write(
        directory,
        "task.json",
        "{\"containerDefinitions\":[{\"environment\":[{\"name\":\"DB_PASSWORD\",\"value\":"
            + "\"canary\\u0026b\"},{\"name\":\"URL\",\"value\":\"sqlite:///a.db\"}]}]}");
    CheckReport report = Checked.files(directory);
    assertThat(report.findings())
        .extracting(found -> found.finding().rule().id())
        .contains("database-volume");
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(Checked.in(format, report)).doesNotContain("canary");
    }
  }

  @Test
  void toml_of_other_tools_is_no_app_of_fly() {
    Path settings = directory.resolve("config.toml");
    write(directory, "config.toml", "[build]\nx = 1\n[env]\nDATABASE_URL = 'sqlite:///dev.db'\n");
    assertThat(Checked.files(settings).files()).isZero();
    write(directory, "config.toml", "app = 'a'\n[env]\nDATABASE_URL = 'sqlite:///dev.db'\n");
    assertThat(Checked.files(settings).files()).isEqualTo(1);
  }

  /** A workload whose pod has an emptyDir. */
  private void deployment(String database) {
    write(
        directory,
        "web.yaml",
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          strategy: {type: Recreate}
          template:
            spec:
              containers:
                - name: web
                  image: web:1
                  env: [{name: DATABASE_URL, value: "%s"}]
                  volumeMounts: [{name: scratch, mountPath: /scratch}]
              volumes: [{name: scratch, emptyDir: {}}]
        """
            .formatted(database));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sqlite://",
        "sqlite:///",
        "sqlite+aiosqlite://",
        "sqlite:///:memory:",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "sqlite:file:shared?mode=memory&cache=shared",
        "file:shared?mode=memory&cache=shared",
        "Data Source=Shared;Mode=Memory;Cache=Shared",
        "jdbc:sqlite:/app/geo.db?open_mode=1",
        "sqlite:file:/app/geo.db?immutable=1",
        "sqlite:file:/app/geo.db?mode=ro",
        "Data Source=/app/geo.db;Mode=ReadOnly"
      })
  void kubernetes_sqlite_in_memory_or_for_reading_only_needs_no_volume(String database) {
    deployment(database);
    assertThat(found()).isEmpty();
  }

  @Test
  void kubernetes_sqlite_on_an_empty_dir_names_it() {
    deployment("sqlite:////scratch/app.db");
    assertThat(found())
        .containsExactly(
            "error database-volume DATABASE_URL is sqlite:////scratch/app.db; /scratch is an emptyDir,"
                + " which is gone with the pod");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:////tmp/app.db", "sqlite:////srv/cache/pages.db"})
  void kubernetes_sqlite_at_a_path_that_is_called_temporary_is_a_warning(String database) {
    deployment(database);
    assertThat(found())
        .containsExactly(
            "warning database-volume DATABASE_URL is %s; no volume is mounted".formatted(database));
  }

  @Test
  void kubernetes_pod_that_runs_once_may_lose_its_file() {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          restartPolicy: %s
          containers:
            - {name: web, image: "web:1", env: [{name: DATABASE_URL, value: "sqlite:////srv/app.db"}]}
        """;
    write(directory, "pod.yaml", pod.formatted("Never"));
    assertThat(found()).isEmpty();
    write(directory, "pod.yaml", pod.formatted("Always"));
    assertThat(found()).hasSize(1);
  }

  @Test
  void json_of_other_tools_is_left_out_of_a_directory() {
    write(directory, "tasks.json", "// comments\n{\"version\": \"2.0.0\"}\n");
    write(directory, "service-worker.json", "{\"containers\": 1}\n");
    write(directory, "compose.yaml", "services: {web: {image: web}}\n");
    assertThat(notes()).isEmpty();
    assertThat(Checked.files(directory).files()).isEqualTo(1);
  }

  @Test
  void render_sqlite_and_a_key_value_that_keeps_nothing_under_several_instances() {
    write(
        directory,
        "render.yaml",
        """
        services:
          - type: web
            name: api
            runtime: python
            numInstances: 2
            envVars:
              - {key: DATABASE_URL, value: "sqlite:///app.db"}
              - fromGroup: jobs
          - {type: keyvalue, name: store, plan: free}
          - {type: pserv, name: pg, runtime: image, image: {url: "docker.io/library/postgres:18"}}
        envVarGroups:
          - name: jobs
            envVars:
              - key: CELERY_BROKER_URL
                fromService: {type: keyvalue, name: store, property: connectionString}
        """);
    assertThat(found())
        .containsExactlyInAnyOrder(
            "error sqlite-replicas DATABASE_URL is sqlite:///app.db; numInstances is 2",
            "error redis-persistence its data is on no volume that outlives it; service api uses it by"
                + " CELERY_BROKER_URL, and numInstances is 2",
            "error database-volume PostgreSQL keeps its data in /var/lib/postgresql, where no volume is"
                + " mounted");
  }

  @Test
  void render_key_value_that_keeps_its_data_may_still_drop_jobs() {
    write(
        directory,
        "render.yaml",
        """
        services:
          - type: worker
            name: jobs
            scaling: {minInstances: 1, maxInstances: 3}
            envVars:
              - {key: BROKER_URL, fromService: {type: redis, name: r, property: connectionString}}
          - {type: redis, name: r, plan: starter, maxmemoryPolicy: allkeys-lru}
        """);
    assertThat(found())
        .containsExactly(
            "warning redis-eviction maxmemory-policy is allkeys-lru, so that any key may go; service"
                + " jobs keeps jobs in it by BROKER_URL");
  }

  @Test
  void render_sqlite_with_and_without_a_disk() {
    String service =
        """
        services:
          - type: web
            name: api
            envVars: [{key: DB_FILE, value: /data/app.db}, {key: X, fromDatabase: {name: d}}]
        """;
    write(directory, "render.yaml", service);
    assertThat(found())
        .containsExactly(
            "warning database-volume DB_FILE is /data/app.db, a file that is named as SQLite's often"
                + " are; no volume is mounted");
    write(
        directory,
        "render.yaml",
        service + "    disk: {name: data, mountPath: /data, sizeGB: 1}\n");
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cypress", "playwright", "testdata", "fixtures", "e2e"})
  void files_of_tests_are_milder(String folder) {
    write(directory, folder + "/fly.toml", "app = 'db'\n[build]\nimage = 'postgres:18'\n");
    assertThat(found())
        .containsExactly(
            "warning database-volume PostgreSQL keeps its data in /var/lib/postgresql, where no volume"
                + " is mounted");
  }

  @Test
  void fly_sqlite_with_and_without_a_volume() {
    String app =
        """
        app = "shop" # the shop
        [env]
          DATABASE_URL = 'sqlite:////data/app.db'
          PORT = 8080
        [http_service]
          internal_port = 8080
          min_machines_running = 1
        """;
    write(directory, "fly.toml", app);
    assertThat(found())
        .containsExactly(
            "error database-volume DATABASE_URL is sqlite:////data/app.db; no volume is mounted");
    assertThat(Checked.files(directory).findings().getFirst().finding().location().line())
        .isEqualTo(3);
    write(directory, "fly.toml", app + "[[mounts]]\nsource = 'd'\ndestination = '/data'\n");
    assertThat(found()).isEmpty();
    write(
        directory,
        "fly.toml",
        app.replace(
            "sqlite:////data/app.db'",
            "sqlite:////data/app.db' # tidegate: accept"
                + " database-volume made anew at each start"));
    assertThat(found()).isEmpty();
  }

  @Test
  void fly_sqlite_on_several_machines_of_one_group() {
    write(
        directory,
        "fly.production.toml",
        """
        app = "shop"
        [env]
        DATABASE_URL = "sqlite:////data/app.db"
        [processes]
        web = "bin/web"
        worker = "bin/worker"
        [mounts]
        source = "data"
        destination = "/data"
        processes = ["web"]
        [[services]]
        processes = ["web"]
        min_machines_running = 2
        """);
    assertThat(found())
        .containsExactly(
            "error sqlite-replicas DATABASE_URL is sqlite:////data/app.db; min_machines_running is 2");
  }

  @Test
  void fly_database_without_a_volume() {
    write(
        directory, "fly.toml", "app = 'db'\n[build]\nimage = 'mysql:8.4'\n[[vm]]\nmemory='1gb'\n");
    assertThat(found())
        .containsExactly(
            "error database-volume MySQL keeps its data in /var/lib/mysql, where no volume is mounted");
  }

  @Test
  void no_password_is_shown() {
    task(
        "\"environment\": [{\"name\": \"DB_PASSWORD\", \"value\": \"canary-1\"}, {\"name\":"
            + " \"DATABASE_URL\", \"value\": \"postgresql://app:canary-2@db/app\"}]",
        "");
    write(directory, "fly.toml", "[env]\nAPI_TOKEN = 'canary-3'\nURL = 'redis://a:canary-4@r'\n");
    write(
        directory,
        "render.yaml",
        "services: [{type: web, name: w, envVars: [{key: SECRET_KEY, value: canary-5}]}]\n");
    CheckReport report = Checked.files(directory);
    assertThat(report.findings())
        .extracting(found -> found.finding().rule().id())
        .containsOnly("inline-credentials")
        .hasSize(5);
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(Checked.in(format, report)).doesNotContain("canary");
    }
  }

  @Test
  void nomad_job_in_json() {
    write(
        directory,
        "nomad-job.json",
        """
        {"Job": {"ID": "shop", "Type": "service", "TaskGroups": [{"Name": "g", "Count": 2, "Tasks": [
          {"Name": "web", "Driver": "docker", "Config": {"image": "web:1"},
           "Env": {"DATABASE_URL": "sqlite:///app.db"}}]}]}}
        """);
    assertThat(found())
        .containsExactly("error sqlite-replicas DATABASE_URL is sqlite:///app.db; Count is 2");
  }

  @Test
  void what_deploys_containers_and_is_not_read_is_named() {
    write(directory, "a.nomad.hcl", "job \"shop\" {\n  datacenters = [\"dc1\"]\n}\n");
    write(directory, "b.hcl", "path \"secret/*\" {\n}\n");
    write(directory, "c.tf", "resource \"aws_ecs_service\" \"web\" {\n}\n");
    write(directory, "d.tf", "resource \"aws_s3_bucket\" \"files\" {\n}\n");
    write(
        directory,
        "e.yaml",
        "Resources: {T: {Type: 'AWS::ECS::TaskDefinition', Properties: {Family: !Ref F}}}\n");
    write(directory, "railway.toml", "[deploy]\nnumReplicas = 2\n");
    assertThat(notes())
        .containsExactly(
            "notice a.nomad.hcl: is a Nomad job in HCL, which is not read, so it is not checked",
            "notice c.tf: is Terraform that deploys containers, which is not read, so it is not"
                + " checked",
            "notice e.yaml: is a CloudFormation template that deploys containers, which is not read, so"
                + " it is not checked",
            "notice railway.toml: is a configuration of Railway, which is not read, so it is not"
                + " checked");
    assertThat(Checked.files(directory.resolve("d.tf")).notes())
        .singleElement()
        .satisfies(note -> assertThat(note.severity()).isEqualTo(Severity.WARNING));
  }

  @Test
  @Timeout(120)
  void hostile_toml_costs_one_line() {
    write(directory, "fly.toml", "app = \"shop\n");
    write(directory, "fly.deep.toml", "a = " + "[".repeat(60_000) + "\n");
    write(directory, "fly.long.toml", "a = 1\n".repeat(40_000));
    write(directory, "fly.wide.toml", "a = [" + "{b = 1}, ".repeat(14_000) + "]\n");
    write(directory, "fly.twice.toml", "a = 1\na = 2\n");
    assertThat(notes())
        .hasSize(4)
        .contains(
            "error fly.toml: is not valid TOML here, so the file is not checked",
            "error fly.twice.toml: is not valid TOML here, so the file is not checked",
            "error fly.long.toml: is too long to be written by hand, so the file is not checked")
        .anyMatch(note -> note.startsWith("error fly.deep.toml: "));
  }
}
