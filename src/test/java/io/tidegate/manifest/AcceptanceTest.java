package io.tidegate.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.manifest.report.CheckReport;
import io.tidegate.manifest.report.CheckReport.ReportFormat;
import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.source.SourceFile.Note;
import org.junit.jupiter.api.Test;

/** Findings are accepted beside their line or by a label, with a reason, and stay in sight. */
class AcceptanceTest {
  private static void accepted(String file, String reason) {
    CheckReport report = Checked.stdin(file);
    assertThat(report.accepted())
        .as(Checked.in(ReportFormat.TEXT, report))
        .filteredOn(found -> found.finding().rule().id().equals("database-image"))
        .extracting(ReportedFinding::reason)
        .containsExactly(reason);
    assertThat(report.findings())
        .noneMatch(found -> found.finding().rule().id().equals("database-image"));
    assertThat(Checked.in(ReportFormat.TEXT, report))
        .contains("accepted", reason, "[database-image]");
  }

  private static void refused(String file, String note) {
    CheckReport report = Checked.stdin(file);
    assertThat(report.accepted()).isEmpty();
    assertThat(report.findings())
        .anyMatch(found -> found.finding().rule().id().equals("database-image"));
    assertThat(report.notes()).extracting(Note::what).containsExactly(note);
  }

  @Test
  void beside_the_line() {
    accepted(
        """
        services:
          db:
            image: postgres # tidegate: accept database-image it is thrown away each night
        """,
        "it is thrown away each night");
  }

  @Test
  void above_the_line() {
    accepted(
        """
        services:
          db:
            # tidegate: accept database-image a demonstration, until 2027-01-31
            # tidegate: accept database-volume a demonstration
            image: postgres
        """,
        "a demonstration, until 2027-01-31");
  }

  @Test
  void beside_the_service() {
    accepted(
        """
        services:
          db: # tidegate: accept database-image a demonstration
            image: postgres
        """,
        "a demonstration");
  }

  @Test
  void by_a_label() {
    accepted(
        """
        services:
          db:
            image: postgres
            labels:
              tidegate.io/accept: database-volume empty is fine; database-image a demonstration
        """,
        "a demonstration");
  }

  @Test
  void by_an_annotation() {
    accepted(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: db
          annotations: {tidegate.io/accept: "database-image: a demonstration"}
        spec: {containers: [{name: db, image: postgres}]}
        """,
        "a demonstration");
  }

  @Test
  void without_a_reason() {
    refused(
        "services: {db: {image: postgres}} # tidegate: accept database-image\n",
        "the acceptance of database-image gives no reason, so it does not count");
  }

  @Test
  void of_no_rule() {
    refused(
        "services: {db: {image: postgres}} # tidegate: accept database-imge why not\n",
        "an acceptance names no rule");
  }

  @Test
  void that_expired() {
    refused(
        "services: {db: {image: postgres}} # tidegate: accept database-image so far until 2026-11-20\n",
        "the acceptance of database-image expired after 2026-11-20");
  }

  @Test
  void of_another_line() {
    CheckReport report =
        Checked.stdin(
            """
            services:
              a: {image: postgres} # tidegate: accept database-image a demonstration
              b: {image: postgres}
            """);
    assertThat(Checked.brief(report)).contains("warning database-image 3");
    assertThat(report.accepted()).hasSize(1);
  }
}
