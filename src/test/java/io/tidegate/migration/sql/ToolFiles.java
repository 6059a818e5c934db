package io.tidegate.migration.sql;

import static io.tidegate.migration.sql.Changelogs.write;

import io.tidegate.target.Changelog;
import io.tidegate.target.Changelog.Destructive;
import io.tidegate.target.Changelog.Format;
import io.tidegate.target.FlywayPlaceholders;
import io.tidegate.target.LiquibaseTables;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;

/** Migrations as people write them for another tool. */
final class ToolFiles {
  private ToolFiles() {}

  /** Writes the migration of that number, {@code NNN_step}, with its way forward and, where the tool has one, its way back. */
  static void step(Path folder, Format format, int number, String up, String down) {
    named(folder, format, number, "step", up, down);
  }

  /** Writes it under that name, {@code NNN_name}, and tells the file that leads forward. */
  static String named(Path folder, Format format, int number, String name, String up, String down) {
    String file = name(format, number, name);
    write(
        folder,
        file,
        switch (format) {
          case GOLANG_MIGRATE, FLYWAY -> up;
          case DBMATE -> sections("-- migrate:up", up, "-- migrate:down", down);
          case GOOSE -> sections("-- +goose Up", up, "-- +goose Down", down);
          case SQL_MIGRATE -> sections("-- +migrate Up", up, "-- +migrate Down", down);
          case PLAIN, SQL, LIQUIBASE, AUTO -> throw new IllegalArgumentException("of no tool");
        });
    if (format == Format.GOLANG_MIGRATE) {
      write(folder, file.replace(".up.", ".down."), down);
    }
    return file;
  }

  private static String name(Format format, int number, String name) {
    String form =
        switch (format) {
          case GOLANG_MIGRATE -> "%03d_%s.up.sql";
          case FLYWAY -> "V%03d__%s.sql";
          default -> "%03d_%s.sql";
        };
    return form.formatted(number, name);
  }

  /** Writes the files whose names hold that word anew, in that encoding with its byte order mark. */
  static void inEncoding(Path folder, String word, Charset charset) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.filter(each -> each.getFileName().toString().contains(word)).toList()) {
        String text;
        try (Reader now = StrictText.open(Files.newInputStream(file), null)) {
          text = now.readAllAsString();
        }
        Files.write(file, ("\uFEFF" + text).getBytes(charset));
      }
    }
  }

  private static String sections(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  /** That folder as Flyway's, with these placeholders. */
  static Changelog flyway(Path folder, FlywayPlaceholders placeholders) {
    return new Changelog(
        folder,
        "",
        "",
        null,
        Set.of(),
        null,
        Format.FLYWAY,
        LiquibaseTables.DEFAULT,
        Destructive.DEFAULT,
        null,
        placeholders);
  }

  /** That folder as a changelog in that format. */
  static Changelog changelog(Path folder, Format format) {
    return new Changelog(folder, "", "", null, Set.of(), null, format);
  }
}
