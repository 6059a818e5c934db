package io.tidegate.manifest;

import static io.tidegate.manifest.Checked.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No secret of a file leaves the program, in no form of the report. */
class SecrecyTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(ReportFormat.class)
  void nothing_secret_is_told(ReportFormat format) {
    write(
        directory,
        "compose.yaml",
        """
        services:
          db: {image: postgres, environment: {POSTGRES_PASSWORD: "s3cr3t,one"}, ports: ["5432:5432"]}
          flow: {image: mysql, environment: [{x: y}], labels: {api-token: "s3cr3t2"}, command: "--x s3cr3t,one"}
          redis:
            image: redis
            command: ["redis-server", "--save", "", "--requirepass", "s3cr3t3"]
            healthcheck: {test: ["CMD", "redis-cli", "-a", "s3cr3t3", "ping"]}
            environment: {REDIS_ARGS: "--requirepass s3cr3t4"}
          mysql:
            image: mysql
            command: ["--init", "-ps3cr3t15"]
            healthcheck: {test: "mysqladmin ping -u root:s3cr3t16 -ps3cr3t17 --password=s3cr3t18"}
          web:
            image: app
            scale: 3
            depends_on: [db, redis]
            environment:
              REDIS_URL: redis://:s3cr3t5@redis:6379
              DATABASE_URL: postgresql://app:s3cr3t/6@db/app
              SQLITE_URL: sqlite:///data/app.db?key=s3cr3t7
              OTHER_URL: sqlite+pysqlcipher://:s3cr3t8@/data/app.db
              AWS_SECRET_ACCESS_KEY: s3cr3t9
              PRIVATE_KEY: |
                s3cr3t10
        """);
    write(
        directory,
        "k8s.yaml",
        """
        {apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {x: s3cr3t11}, data: {y: czNjcjN0MTI=}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec: {containers: [{name: tidegate, image: tidegate, env: [{name: DB_PASSWORD, value: s3cr3t13}]}, {name: db, image: mongo, args: ["--keyFile", "s3cr3t13"]}]}
        """);
    write(directory, "broken.yaml", "services: {x: {environment: {PASSWORD: s3cr3t14}\n: ]\n");
    CheckReport report = Checked.files(directory);
    assertThat(report.findings()).hasSizeGreaterThan(15);
    String text = Checked.in(format, report);
    assertThat(text).contains("inline-credentials");
    assertThat(
            text.lines()
                .filter(line -> line.contains("s3cr3t") || line.contains("czNjcjN0MTI="))
                .toList())
        .isEmpty();
  }

  /** A shown line is cut; what stands across the cut is masked before. */
  @ParameterizedTest
  @ValueSource(ints = {100, 112, 120, 130, 1_950, 1_960, 1_970, 3_000})
  void a_secret_across_the_end_of_a_shown_line_is_masked(int before) {
    Path file =
        write(
            directory,
            "compose.yaml",
            """
            services:
              db:
                image: postgres
                environment: {POSTGRES_PASSWORD: correct-horse-battery}
                healthcheck: {test: "pg_isready %s correct-horse-battery"}
              web: {image: app, depends_on: [db]}
            """
                .formatted("x ".repeat(before / 2)));
    CheckReport report = Checked.files(file);
    assertThat(report.findings())
        .anySatisfy(found -> assertThat(found.line()).contains("pg_isready x x"));
    assertThat(report.findings())
        .allSatisfy(found -> assertThat(found.line()).doesNotContain("corr"));
  }
}
