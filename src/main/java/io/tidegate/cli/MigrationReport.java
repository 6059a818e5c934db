package io.tidegate.cli;

import io.tidegate.json.JsonWriter;
import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationPlan;
import io.tidegate.migration.MigrationPlan.PlannedChangeset;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Applied;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.migration.MigrationStatus.Pending;
import io.tidegate.migration.risk.Risk;
import io.tidegate.problem.Problem;
import io.tidegate.secret.Redactor;
import io.tidegate.target.Target;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status}, {@code plan} and {@code adopt} print for programs: one JSON document over all
 * targets. Its shape is documented in docs/migrations.md and only grows.
 */
final class MigrationReport {
  private final JsonWriter json = JsonWriter.indented();

  MigrationReport() {
    json.beginObject().name("migrations").beginArray();
  }

  /** How a report is printed. */
  enum Format {
    TEXT,
    JSON
  }

  void add(Target target, MigrationStatus status, List<Interrupted> interrupted) {
    begin(target);
    objects("applied", status.applied(), this::applied);
    objects("pending", status.pending(), this::pending);
    objects("unexpected", status.unexpected(), this::applied);
    objects("changed", status.changed(), this::changeset);
    objects("interrupted", interrupted, this::interrupted);
    objects("problems", status.problems(), this::problem);
    holder(status.holder());
    json.endObject();
  }

  void add(Target target, MigrationPlan plan) {
    begin(target);
    text("preparation", plan.preparation());
    objects("changesets", plan.changesets(), this::planned);
    json.endObject();
  }

  /** What was adopted, or would be. */
  void add(Target target, List<ChangesetId> recorded, boolean dryRun) {
    begin(target);
    json.name("dryRun").value(dryRun);
    objects("recorded", recorded, this::changeset);
    json.endObject();
  }

  /** The whole document. */
  String end() {
    return json.endArray().endObject().toString();
  }

  private void begin(Target target) {
    json.beginObject();
    text("target", target.name());
    text("url", target.url().toString());
  }

  private void applied(Applied applied) {
    changeset(applied.changeset());
    text("checksum", applied.checksum());
    time("at", applied.at());
  }

  private void pending(Pending pending) {
    changeset(pending.changeset());
    text("checksum", pending.checksum());
  }

  private void interrupted(Interrupted interrupted) {
    changeset(interrupted.changeset());
    time("since", interrupted.since());
    text("by", interrupted.by());
    text("what", interrupted.what());
  }

  private void problem(Problem problem) {
    text("what", problem.what());
    text("where", problem.where());
    text("remedy", problem.remedy());
  }

  private void planned(PlannedChangeset planned) {
    pending(planned.pending());
    text("text", planned.text());
    objects("risks", planned.risks(), this::risk);
    json.name("moreRisks").value(planned.moreRisks());
    text("acceptance", planned.acceptance().isEmpty() ? null : planned.acceptance());
  }

  private void risk(Risk risk) {
    text("kind", risk.kind().id());
    text("effect", risk.kind().isDestructive() ? "destructive" : "blocking");
    text("table", risk.table());
    text("column", risk.column().isEmpty() ? null : risk.column());
    json.name("rows");
    if (risk.rows() == null) {
      json.nullValue();
    } else {
      json.value(risk.rows());
    }
    text("statement", risk.statement());
  }

  private void changeset(ChangesetId changeset) {
    text("changeset", changeset.toString());
    text("path", changeset.path());
    text("id", changeset.id());
    text("author", changeset.author());
  }

  private void holder(@Nullable LockHolder holder) {
    json.name("holder");
    if (holder == null) {
      json.nullValue();
      return;
    }
    json.beginObject();
    text("who", holder.who());
    time("since", holder.since());
    text("work", holder.work());
    json.endObject();
  }

  private <T> void objects(String name, List<T> all, Consumer<T> content) {
    json.name(name).beginArray();
    for (T one : all) {
      json.beginObject();
      content.accept(one);
      json.endObject();
    }
    json.endArray();
  }

  private void time(String name, @Nullable Instant time) {
    text(name, time == null ? null : time.toString());
  }

  private void text(String name, @Nullable String text) {
    json.name(name);
    if (text == null) {
      json.nullValue();
    } else {
      json.value(Redactor.redact(text));
    }
  }
}
