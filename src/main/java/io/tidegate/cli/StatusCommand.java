package io.tidegate.cli;

import io.tidegate.cli.MigrationReport.Format;
import io.tidegate.logging.Logs;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Target;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: what is applied, pending, changed and locked, and by whom. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Lists the changesets that are applied, pending, changed since they ran, or unknown to"
            + " the changelog, and who holds the lock. Changes nothing. Exits 65 where a changeset"
            + " was changed after it ran, or where another tool's history keeps a run from going on;"
            + " with --exit-code, else 3 where something is pending.")
final class StatusCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  @Option(
      names = "--format",
      description = "text, or json: one document for programs; default text.")
  private Format format = Format.TEXT;

  @Option(
      names = "--exit-code",
      description = "Exits 3 where something is pending or was interrupted.")
  private boolean exitCode;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    boolean refused = false;
    boolean pending = false;
    MigrationReport report = new MigrationReport();
    CommandContext session = CommandContext.open(console, options.given(), Logs.Output.STDERR);
    for (var migration : session.migrations().entrySet()) {
      MigrationStatus status = migration.getValue().status();
      List<Interrupted> interrupted =
          migration.getValue() instanceof Resolvable resolvable
              ? resolvable.interrupted()
              : List.of();
      if (format == Format.TEXT) {
        print(migration.getKey(), status);
        interrupted.forEach(this::print);
      } else {
        report.add(migration.getKey(), status, interrupted);
      }
      refused |= !status.changed().isEmpty() || !status.problems().isEmpty();
      pending |= !status.pending().isEmpty() || !interrupted.isEmpty();
    }
    if (format == Format.JSON) {
      console.out().println(report.end());
    }
    return exit(refused, pending).number();
  }

  private ExitCode exit(boolean refused, boolean pending) {
    if (refused) {
      return ExitCode.CHANGELOG;
    }
    return exitCode && pending ? ExitCode.PENDING : ExitCode.DONE;
  }

  private void print(Target target, MigrationStatus status) {
    console.print(
        "%s (%s): %d applied, %d pending, %d unexpected, %d changed"
            .formatted(
                target.name(),
                target.url(),
                status.applied().size(),
                status.pending().size(),
                status.unexpected().size(),
                status.changed().size()));
    status.applied().forEach(applied -> line("applied", applied));
    status.unexpected().forEach(applied -> line("unexpected", applied));
    status.changed().forEach(changeset -> console.print("  changed     " + changeset));
    status.pending().forEach(one -> console.print("  pending     " + one.changeset()));
    status.problems().forEach(problem -> console.print("  problem     " + problem.line()));
    LockHolder holder = status.holder();
    console.print(
        holder == null
            ? "  lock        free"
            : "  lock        held by %s%s%s"
                .formatted(
                    holder.who(),
                    holder.since() == null ? "" : " since " + holder.since(),
                    holder.work() == null ? "" : ", working on " + holder.work()));
  }

  private void print(Interrupted interrupted) {
    console.print(
        "  interrupted %s  %sby %s: %s"
            .formatted(
                interrupted.changeset(),
                interrupted.since() == null ? "" : "begun " + interrupted.since() + " ",
                interrupted.by(),
                interrupted.what()));
  }

  private void line(String word, MigrationStatus.Applied applied) {
    console.print(
        "  %-11s %s%s"
            .formatted(word, applied.changeset(), applied.at() == null ? "" : "  " + applied.at()));
  }
}
