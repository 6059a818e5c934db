package io.tidegate.config;

import io.tidegate.config.Declarations.Declared;
import io.tidegate.target.Changelog;
import io.tidegate.target.EngineTraits;
import io.tidegate.target.EngineTraits.ChangelogKind;
import io.tidegate.target.LiquibaseTables;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads under which names Liquibase keeps its history and its lock. */
final class LiquibaseTablesReader {
  private static final Pattern NAME =
      Pattern.compile(
          "(?!(?i:tidegate_))[A-Za-z_][A-Za-z0-9_]{0,%d}"
              .formatted(LiquibaseTables.LONGEST_NAME - 1));

  private final Declarations declarations;
  private final Problems problems;

  LiquibaseTablesReader(Declarations declarations, Problems problems) {
    this.declarations = declarations;
    this.problems = problems;
  }

  /** The usual names where nothing is declared, or where it is wrong, which is noted. */
  LiquibaseTables read(String name) {
    LiquibaseTables tables =
        new LiquibaseTables(
            declarations.get(Keys.LIQUIBASE_HISTORY, name),
            declarations.get(Keys.LIQUIBASE_LOCK, name),
            declarations.getOrNull(Keys.LIQUIBASE_SCHEMA, name));
    // Each is checked, so that all problems are told at once.
    boolean history = isFit(Keys.LIQUIBASE_HISTORY, name, tables.history());
    boolean lock = isFit(Keys.LIQUIBASE_LOCK, name, tables.lock());
    boolean schema = isFit(Keys.LIQUIBASE_SCHEMA, name, tables.schema());
    boolean fit = history && lock && schema;
    if (fit && tables.history().equalsIgnoreCase(tables.lock())) {
      boolean declared = declarations.find(Keys.LIQUIBASE_LOCK, name) != null;
      problems.add(
          declarations.origin(declared ? Keys.LIQUIBASE_LOCK : Keys.LIQUIBASE_HISTORY, name),
          "the history and the lock of Liquibase have one name",
          "Name two tables, as Liquibase's own settings do");
      fit = false;
    }
    return fit ? tables : LiquibaseTables.DEFAULT;
  }

  private boolean isFit(Key<String> key, String name, @Nullable String value) {
    if (value == null || NAME.matcher(value).matches()) {
      return true;
    }
    problems.add(
        declarations.origin(key, name),
        "is no name that can be taken: letters of ASCII, digits and underscores, %d at most, not"
                .formatted(LiquibaseTables.LONGEST_NAME)
            + " tidegate_ in front",
        "Write the name alone, without schema or quotes; rename the table if it has another one");
    return false;
  }

  /** Liquibase quotes such a schema when it writes, and does not find it when it looks. */
  private void checkCase(Declared schema) {
    String value = schema.value();
    if (!value.equals(value.toLowerCase(Locale.ROOT))
        && !value.equals(value.toUpperCase(Locale.ROOT))) {
      problems.add(
          schema.origin(),
          "has capital and small letters, and in such a schema Liquibase does not find its own tables",
          "Keep them in a schema whose name is in lower case");
    }
  }

  /** Notes what is declared of Liquibase's tables where there are none. */
  void check(String name, @Nullable Changelog changelog, EngineTraits traits) {
    for (Key<String> key :
        List.of(Keys.LIQUIBASE_HISTORY, Keys.LIQUIBASE_LOCK, Keys.LIQUIBASE_SCHEMA)) {
      Declared declared = declarations.find(key, name);
      if (declared == null) {
        continue;
      }
      if (changelog == null) {
        problems.add(
            declared.origin(),
            "says where Liquibase's history is, and %s has no changelog".formatted(name),
            "Set %s too".formatted(Keys.TARGET_CHANGELOG.variable(name)));
      } else if (traits.changelogs() != ChangelogKind.SQL || changelog.format().namesTool()) {
        problems.add(
            declared.origin(),
            "says where Liquibase's history is, and %s has none".formatted(name),
            "Take it out");
      } else if (key.equals(Keys.LIQUIBASE_SCHEMA) && !Objects.equals(traits.id(), "postgresql")) {
        problems.add(
            declared.origin(),
            "%s is %s, where the history is in the database of the URL"
                .formatted(name, traits.name()),
            "Take it out");
      } else if (key.equals(Keys.LIQUIBASE_SCHEMA)) {
        checkCase(declared);
      }
    }
  }
}
