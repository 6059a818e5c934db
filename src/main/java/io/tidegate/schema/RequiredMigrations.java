package io.tidegate.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Migrations that have to be applied, each by its name. Where the tool's names have an order, what is
 * applied and newer than all of them is ahead.
 */
final class RequiredMigrations implements Requirement {
  private final SchemaTool tool;
  private final Set<String> needed;
  private final Map<String, Set<String>> replaced;
  private final boolean isWhole;

  /**
   * Takes what is needed.
   *
   * @param replaced by a migration that stands for several, those that it stands for
   * @param isWhole whether it is all that there is, so that what is missing can be counted
   */
  RequiredMigrations(
      SchemaTool tool,
      Collection<String> needed,
      Map<String, Set<String>> replaced,
      boolean isWhole) {
    this.tool = tool;
    this.needed = Set.copyOf(needed);
    this.replaced = Map.copyOf(replaced);
    this.isWhole = isWhole;
  }

  @Override
  public Progress check(AppliedMigrations history) {
    applyReplaced(history);
    List<String> missing =
        needed.stream()
            .filter(migration -> !history.has(migration) && counts(migration, history))
            .sorted(MigrationOrder::compare)
            .toList();
    return missing.isEmpty() ? reached(history) : behind(history, missing);
  }

  /** One that stands for several is applied if they are, and they if it is. */
  private void applyReplaced(AppliedMigrations history) {
    int before;
    do {
      before = history.applied().size();
      replaced.forEach((migration, those) -> {
        if (history.has(migration)) {
          those.forEach(history::apply);
        } else if (those.stream().allMatch(history::has)) {
          history.apply(migration);
        }
      });
    } while (history.applied().size() > before);
  }

  /**
   * Whether it is to run itself: where none of those is applied for which one stands, that one runs;
   * else the rest of them do.
   */
  private boolean counts(String migration, AppliedMigrations history) {
    Set<String> those = replaced.get(migration);
    if (those != null) {
      return those.stream().noneMatch(history::has)
          || those.stream().allMatch(one -> history.has(one) || !needed.contains(one));
    }
    return replaced.values().stream()
        .filter(group -> group.contains(migration))
        .allMatch(group -> group.stream().anyMatch(history::has));
  }

  private Progress behind(AppliedMigrations history, List<String> missing) {
    String last = missing.getLast();
    String newest = newest(history, app(last));
    if (newest == null) {
      return behind(
          isWhole
              ? "no %s is applied, %d behind %s".formatted(tool.noun(), missing.size(), last)
              : "no %s is applied, %s is needed".formatted(tool.noun(), firstFew(missing)));
    }
    boolean counts = isWhole && MigrationOrder.compare(newest, last) < 0;
    return behind(
        counts
            ? "%s %s is applied, %d behind %s".formatted(tool.noun(), newest, missing.size(), last)
            : "%s %s is applied, %s is not".formatted(tool.noun(), newest, firstFew(missing)));
  }

  private static Progress behind(String sentence) {
    return new Progress(State.BEHIND, sentence);
  }

  private static String firstFew(List<String> missing) {
    int shown = Math.min(3, missing.size());
    return String.join(", ", missing.subList(0, shown))
        + (missing.size() > shown ? " and %d more".formatted(missing.size() - shown) : "");
  }

  private Progress reached(AppliedMigrations history) {
    Set<String> known = new HashSet<>(needed);
    replaced.values().forEach(known::addAll);
    List<String> last = new ArrayList<>();
    for (String app : needed.stream().map(this::app).distinct().sorted().toList()) {
      String wanted =
          needed.stream()
              .filter(migration -> app(migration).equals(app))
              .max(MigrationOrder::compare)
              .orElseThrow();
      String newest = newest(history, app);
      if (tool.isOrdered()
          && newest != null
          && !known.contains(newest)
          && MigrationOrder.compare(newest, wanted) > 0) {
        return new Progress(State.AHEAD, "%s, ahead of %s".formatted(newest, wanted));
      }
      last.add(wanted);
    }
    return new Progress(
        State.REACHED, firstFew(isWhole ? last : needed.stream().sorted().toList()));
  }

  /** The newest that is applied, of one app where the tool has apps; null: none. */
  private @Nullable String newest(AppliedMigrations history, String app) {
    List<String> applied =
        history.applied().stream().filter(migration -> app(migration).equals(app)).toList();
    if (applied.isEmpty()) {
      return null;
    }
    return switch (tool) {
      case ALEMBIC -> String.join(", ", applied.stream().sorted().toList());
      case LIQUIBASE -> applied.getLast();
      default -> applied.stream().max(MigrationOrder::compare).orElseThrow();
    };
  }

  /** Django's migrations belong to an app; those of other tools to one and the same. */
  private String app(String migration) {
    return tool == SchemaTool.DJANGO ? migration.substring(0, migration.indexOf('.') + 1) : "";
  }
}
