package io.tidegate.migration.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import liquibase.change.AbstractChange;
import liquibase.change.AbstractSQLChange;
import liquibase.change.CheckSum;
import liquibase.change.DatabaseChange;
import liquibase.database.Database;
import liquibase.statement.SqlStatement;
import org.apache.commons.io.input.ReaderInputStream;

/**
 * A plain SQL file, as the one change of its changeset. It is read whenever it is needed and never
 * kept, so that a file may be larger than the memory. Its statements are not Liquibase's: {@link
 * StatementExecutor} sends them.
 */
@DatabaseChange(name = "sql", description = "A plain SQL file", priority = 0)
public final class SqlFileChange extends AbstractChange {
  private final Source source;

  /** Where the file's text comes from. */
  interface Source {
    /** Opens it from its beginning; the caller closes it. */
    Reader open() throws IOException;
  }

  SqlFileChange(Source source) {
    this.source = source;
  }

  /** The text from its beginning; the caller closes it. */
  Reader open() throws IOException {
    return source.open();
  }

  /** Whether there is nothing in it. */
  boolean isBlank() {
    try (Reader text = open()) {
      int c = text.read();
      while (c >= 0 && c <= ' ') {
        c = text.read();
      }
      return c < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Liquibase computes it for SQL: blanks and the ends of lines do not matter. */
  @Override
  public CheckSum generateCheckSum() {
    try (Reader text = open();
        InputStream bytes =
            ReaderInputStream.builder().setReader(text).setCharset(StandardCharsets.UTF_8).get()) {
      return CheckSum.compute(new AbstractSQLChange.NormalizingStream(bytes), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String getConfirmationMessage() {
    return "SQL file executed";
  }

  @Override
  public SqlStatement[] generateStatements(Database database) {
    return SqlStatement.EMPTY_SQL_STATEMENT;
  }
}
