package io.tidegate.cli;

import io.tidegate.logging.Logs;
import io.tidegate.migration.Migration.Resolvable;
import io.tidegate.migration.MigrationListener.LockHolder;
import io.tidegate.migration.MigrationStatus;
import io.tidegate.migration.MigrationStatus.Interrupted;
import io.tidegate.problem.ExitCode;
import io.tidegate.target.Target;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code status}: what is applied, pending, changed and locked, and by whom. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Lists the changesets that are applied, pending, changed since they ran, or unknown to"
            + " the changelog, and who holds the lock. Changes nothing. Exits 65 where a changeset"
            + " was changed after it ran.")
final class StatusCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private final SettingsOptions options = new SettingsOptions();

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    boolean changed = false;
    CommandContext session = CommandContext.open(console, options, Logs.Output.STDERR);
    for (var migration : session.migrations().entrySet()) {
      MigrationStatus status = migration.getValue().status();
      print(migration.getKey(), status);
      if (migration.getValue() instanceof Resolvable resolvable) {
        resolvable.interrupted().forEach(this::print);
      }
      changed |= !status.changed().isEmpty();
    }
    return (changed ? ExitCode.CHANGELOG : ExitCode.DONE).number();
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
    status.pending().forEach(changeset -> console.print("  pending     " + changeset));
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
