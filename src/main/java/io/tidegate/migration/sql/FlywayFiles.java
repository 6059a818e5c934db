package io.tidegate.migration.sql;

import io.tidegate.migration.ChangesetId;
import io.tidegate.migration.sql.FlywayFile.Kind;
import io.tidegate.migration.sql.FlywayState.Row;
import io.tidegate.migration.sql.StatementSplitter.ScriptException;
import io.tidegate.migration.sql.ToolFolder.ToolFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of a Flyway folder, as Flyway compares them with its history.
 *
 * @param folder gives it as it was listed last
 * @param encoding of files without a byte order mark; null: UTF-8
 * @param placeholders gives what they are replaced by in this session
 */
record FlywayFiles(
    Supplier<ToolFolder> folder,
    @Nullable Charset encoding,
    Supplier<PlaceholderValues> placeholders) {
  private static final int BUFFER = 8 << 10;

  /** All, by the keys of their ids. See {@link FlywayFile#key}. */
  Map<String, ToolFile> byKey() {
    Map<String, ToolFile> files = new LinkedHashMap<>();
    folder.get().files().forEach(file -> files.put(FlywayFile.key(file.version()), file));
    return files;
  }

  /** Whether no file has that version or a newer one. */
  boolean isBelow(String version) {
    return folder.get().files().stream()
        .map(file -> migration(file).version())
        .filter(known -> !known.isEmpty())
        .allMatch(known -> FlywayFile.compareVersions(version, known) > 0);
  }

  /**
   * Whether a file is not to run: it did, or what it would do is in a baseline.
   *
   * @param startingPoint as {@link #startingPoint} has it: it is the same for all files
   */
  boolean isOver(
      ToolFile file, @Nullable Row row, FlywayState state, @Nullable String startingPoint) {
    if (state.isFailed(FlywayFile.key(file.version()))) {
      return false;
    }
    FlywayFile migration = migration(file);
    return switch (migration.kind()) {
      case REPEATABLE -> row != null && isUnchanged(file, row);
      case BASELINE -> row != null || !migration.version().equals(startingPoint);
      case VERSIONED -> {
        String baseline = state.newest() == null ? startingPoint : state.baseline();
        yield row != null
            || (baseline != null && FlywayFile.compareVersions(migration.version(), baseline) <= 0);
      }
    };
  }

  /** The newest baseline migration, with which a database without any version begins; null: none. */
  @Nullable String startingPoint(FlywayState state) {
    if (state.newest() != null) {
      return null;
    }
    return folder.get().files().stream()
        .map(FlywayFiles::migration)
        .filter(migration -> migration.kind() == Kind.BASELINE)
        .map(FlywayFile::version)
        .max(FlywayFile::compareVersions)
        .orElse(null);
  }

  /** What its name says. */
  static FlywayFile migration(ToolFile file) {
    return FlywayFile.of(file.name()).orElseThrow();
  }

  /** Whether that row is of the file as it is now. */
  boolean isUnchanged(ToolFile file, Row row) {
    Integer recorded = row.checksum();
    return recorded != null && (recorded == checksum(file) || isOfUnreplaced(file, row));
  }

  /** Whether that row is of a repeatable migration whose placeholders were not replaced when it ran. */
  boolean isOfUnreplaced(ToolFile file, Row row) {
    Integer recorded = row.checksum();
    return isRepeatable(file)
        && recorded != null
        && recorded == checksum(file, false)
        && recorded != checksum(file);
  }

  /**
   * As Flyway computes it: how lines end does not matter. That of a repeatable migration is over what
   * runs, so that it runs again when the value of a placeholder was changed.
   */
  int checksum(ToolFile file) {
    return checksum(file, isRepeatable(file));
  }

  /** Whether it runs again when it was changed. */
  static boolean isRepeatable(ToolFile file) {
    return migration(file).kind() == Kind.REPEATABLE;
  }

  private int checksum(ToolFile file, boolean replaced) {
    CRC32 sum = new CRC32();
    try (Reader text = replaced ? open(file) : raw(file)) {
      StringBuilder part = new StringBuilder();
      for (int c = text.read(); c >= 0; c = text.read()) {
        if (c != '\n' && c != '\r') {
          part.append((char) c);
        }
        if (part.length() >= BUFFER && !Character.isHighSurrogate((char) c)) {
          add(sum, part);
        }
      }
      add(sum, part);
    } catch (ScriptException e) {
      throw folder.get().refused(file, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (int) sum.getValue();
  }

  private static void add(CRC32 sum, StringBuilder part) {
    sum.update(part.toString().getBytes(StandardCharsets.UTF_8));
    part.setLength(0);
  }

  /** With its placeholders replaced; the caller closes it. */
  Reader open(ToolFile file) throws IOException {
    return placeholders.get().replaced(raw(file), file.name());
  }

  private Reader raw(ToolFile file) throws IOException {
    return new BufferedReader(
        StrictText.open(
            Files.newInputStream(folder.get().folder().resolve(file.name())), encoding));
  }

  /** The file of a changeset, which the folder may not have any more. */
  Optional<ToolFile> file(ChangesetId changeset) {
    return Optional.ofNullable(byKey().get(FlywayFile.key(changeset.id())));
  }
}
