package io.tidegate.manifest.report;

import io.tidegate.manifest.report.CheckReport.ReportedFinding;
import io.tidegate.manifest.rules.FileRule.FileFinding;
import io.tidegate.manifest.source.SourceFile.Location;
import io.tidegate.manifest.source.SourceFile.Note;
import io.tidegate.policy.Severity;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** The report for programs. Its shape is documented in docs/check.md and only grows. */
final class JsonFormat {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonFormat() {}

  static void write(CheckReport report, Appendable out) throws IOException {
    write(
        out,
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("files", report.files());
          json.writeNumberProperty("errors", report.count(Severity.ERROR));
          json.writeNumberProperty("warnings", report.count(Severity.WARNING));
          json.writeNumberProperty("notices", report.count(Severity.NOTICE));
          findings(json, "findings", report.findings());
          findings(json, "accepted", report.accepted());
          findings(json, "known", report.known());
          json.writeArrayPropertyStart("notes");
          for (Note note : report.notes()) {
            json.writeStartObject();
            json.writeStringProperty("severity", word(note.severity()));
            location(json, note.location());
            json.writeStringProperty("what", CheckReport.printable(note.what()));
            json.writeStringProperty("remedy", CheckReport.printable(note.remedy()));
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void findings(JsonGenerator json, String name, List<ReportedFinding> findings) {
    json.writeArrayPropertyStart(name);
    for (ReportedFinding found : findings) {
      FileFinding finding = found.finding();
      json.writeStartObject();
      json.writeStringProperty("rule", finding.rule().id());
      json.writeStringProperty("severity", word(finding.severity()));
      location(json, finding.location());
      json.writeStringProperty("subject", CheckReport.printable(finding.subject().label()));
      json.writeStringProperty("evidence", CheckReport.printable(finding.evidence()));
      json.writeStringProperty("source", CheckReport.printable(found.line()));
      json.writeStringProperty("danger", finding.rule().danger());
      json.writeStringProperty("fix", finding.rule().fix());
      json.writeStringProperty("documentation", finding.rule().documentation().toString());
      json.writeStringProperty("fingerprint", found.fingerprint());
      if (!found.reason().isEmpty()) {
        json.writeStringProperty("reason", CheckReport.printable(found.reason()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void location(JsonGenerator json, Location location) {
    json.writeStringProperty("file", location.file());
    json.writeNumberProperty("line", location.line());
    json.writeNumberProperty("column", location.column());
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  /** Writes JSON for people and programs: indented, with a line break at the end. */
  static void write(Appendable out, Consumer<JsonGenerator> content) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(new Indented(), text)) {
      content.accept(json);
    }
    out.append(text.toString()).append('\n');
  }

  /** Without a context of its own the generator writes all on one line. */
  private static final class Indented extends ObjectWriteContext.Base {
    private final PrettyPrinter printer = new DefaultPrettyPrinter();

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return printer;
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }
}
